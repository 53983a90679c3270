"""What the tester does where something is meant to go wrong."""

from dataclasses import replace

from playwright.sync_api import expect

from player.scene import NotHere, Scene, by_key, has_scripts
from player.screens.mailbox import CONFIRMATION, SECURITY_CODE
from player.screens.registration import AboutMe, Finished, Link, Over, Recorded, Terms, Waits
from player.screens.sign_in import SecurityCode, SignIn
from player.screens.space import Space


def mistyped_code(scene: Scene) -> None:
    code = scene.letter.access_code
    wrong = ("2" if code[0] != "2" else "3") + code[1:]
    AboutMe(scene.page).fill(scene.letter, scene.password, access_code=wrong).go_on()
    AboutMe(scene.page).refuses("ne vont pas ensemble")


def corrected_code(scene: Scene) -> None:
    screen = AboutMe(scene.page)
    screen.keeps(scene.letter)
    screen.fill(scene.letter, scene.password).go_on()
    Terms(scene.page).shows()


def mistyped_email(scene: Scene) -> None:
    """Two letters change places, as they do."""
    email = scene.letter.email
    scene.letter = replace(scene.letter, email=email[1] + email[0] + email[2:])
    AboutMe(scene.page).open().fill(scene.letter, scene.password).go_on()
    Terms(scene.page).shows()


def mended_email(scene: Scene) -> None:
    email = scene.letter.email
    scene.letter = replace(scene.letter, email=email[1] + email[0] + email[2:])
    Waits(scene.page).open().for_another_person()
    AboutMe(scene.page).shows().fill(scene.letter, scene.password).go_on()
    Terms(scene.page).shows()


def expired_link(scene: Scene) -> None:
    mail = scene.open_mail(CONFIRMATION)
    scene.stage.clock.advance(hours=24, seconds=1)
    scene.page.goto(mail.link)
    Over(scene.page).shows("24 heures")


def second_code(scene: Scene) -> None:
    scene.stage.clock.advance(seconds=61)
    SecurityCode(scene.page).send_again()
    SecurityCode(scene.page).shows()


def first_code(scene: Scene) -> None:
    first = scene.open_mail(SECURITY_CODE).security_code
    assert scene.open_mail(SECURITY_CODE).security_code != first
    SecurityCode(scene.page).enter(first)
    Space(scene.page).shows()


def five_wrong_codes(scene: Scene) -> None:
    assert scene.mail is not None
    wrong = f"{(int(scene.mail.security_code) + 1) % 1_000_000:06d}"
    for _ in range(4):
        SecurityCode(scene.page).enter(wrong)
        SecurityCode(scene.page).refuses("Ce code n’est pas le bon")
    SecurityCode(scene.page).enter(wrong)
    SignIn(scene.page).refuses("Cinq codes faux")


def lost_network(scene: Scene) -> None:
    if not has_scripts(scene.page):
        raise NotHere("sans scripts, c’est le navigateur lui-même qui dit que le réseau est coupé")
    screen = SignIn(scene.page).shows().fill(scene.letter.email, scene.password)
    scene.page.context.set_offline(True)
    screen.press("Je me connecte")
    expect(screen.summary).to_contain_text("Pas de connexion")


def found_network(scene: Scene) -> None:
    screen = SignIn(scene.page).knows(scene.letter.email)
    expect(screen.field("Mot de passe")).to_have_value(scene.password)
    scene.page.context.set_offline(False)
    screen.go_on()
    SecurityCode(scene.page).shows()


def second_tab(scene: Scene) -> None:
    scene.first_tab = scene.page
    scene.page = scene.page.context.new_page()
    scene.page.goto(scene.first_tab.url)
    Terms(scene.page).shows().accept().go_on()
    Recorded(scene.page).shows()


def first_tab(scene: Scene) -> None:
    assert scene.first_tab is not None
    scene.page = scene.first_tab
    Terms(scene.page).shows().accept().go_on()
    Recorded(scene.page).shows()


def closed_browser(scene: Scene) -> None:
    closed, scene.page = scene.page, scene.page.context.new_page()
    closed.close()
    scene.page.goto(Recorded.path)
    Terms(scene.page).shows()


def other_device(scene: Scene) -> None:
    """A phone that has never been here: there the link has its button."""
    link = scene.open_mail(CONFIRMATION).link
    scene.page.context.clear_cookies()
    scene.page.goto(link)
    Link(scene.page).shows().confirm()
    Finished(scene.page).shows()


SCRIPTS = by_key(
    mistyped_code,
    corrected_code,
    mistyped_email,
    mended_email,
    expired_link,
    second_code,
    first_code,
    five_wrong_codes,
    lost_network,
    found_network,
    second_tab,
    first_tab,
    closed_browser,
    other_device,
)
