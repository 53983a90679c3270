"""The paper's steps: what the member does, and what must then show."""

from playwright.sync_api import Page

from player.post_office import Mail
from player.scene import Scene, by_key, has_scripts
from player.screens.home import Home
from player.screens.mailbox import CONFIRMATION, SECURITY_CODE
from player.screens.registration import AboutMe, Finished, InProgress, Link, Recorded, Terms
from player.screens.sign_in import SecurityCode, SignIn
from player.screens.space import Space


def site(scene: Scene) -> None:
    Home(scene.page).open()


def tab(scene: Scene) -> None:
    Home(scene.page).press_the_tab()
    SignIn(scene.page).shows("Je crée mon compte")


def create(scene: Scene) -> None:
    SignIn(scene.page).follow("Je crée mon compte")
    AboutMe(scene.page).shows("Mes infos", "CGU", "Confirmation", "Annuler")


def about_me(scene: Scene) -> None:
    AboutMe(scene.page).fill(scene.letter, scene.password).go_on()
    Terms(scene.page).shows("J’accepte les conditions générales d’utilisation", "Retour")


def terms(scene: Scene) -> None:
    Terms(scene.page).accept().go_on()
    Recorded(scene.page).shows(scene.letter.email, "24 heures")


def recorded(scene: Scene) -> None:
    Recorded(scene.page).shows("ouvrez votre boîte mail")


def confirm(scene: Scene) -> None:
    mail = scene.open_mail(CONFIRMATION)
    assert mail.says("24 heures")
    press_the_link(scene.page, mail)


def activate(scene: Scene) -> None:
    mail = scene.open_mail(CONFIRMATION)
    SignIn(scene.page).open().fill(scene.letter.email, scene.password).go_on()
    InProgress(scene.page).shows(scene.letter.email).activate(mail.activation_code)
    Finished(scene.page).shows()


def finished(scene: Scene) -> None:
    Finished(scene.page).follow("Je me connecte")
    SignIn(scene.page).shows("deux étapes")


def password(scene: Scene) -> None:
    """From wherever the member is; a new page first goes to the sign-in page."""
    screen = SignIn(scene.page)
    if scene.page.url == "about:blank":
        screen.open()
    screen.fill(scene.letter.email, scene.password, remember=scene.remember).go_on()
    SecurityCode(scene.page).shows("5 minutes")


def code_mail(scene: Scene) -> None:
    mail = scene.open_mail(SECURITY_CODE)
    assert mail.says("5 minutes")
    assert mail.says("Ce n’était pas vous ?")


def code(scene: Scene) -> None:
    assert scene.mail is not None
    SecurityCode(scene.page).enter(scene.mail.security_code)
    Space(scene.page).shows()


def space(scene: Scene) -> None:
    Space(scene.page).shows(scene.letter.number, scene.letter.email)


def remember(scene: Scene) -> None:
    scene.remember = True
    password(scene)


def remember_code(scene: Scene) -> None:
    code_mail(scene)
    code(scene)


def leave(scene: Scene) -> None:
    Space(scene.page).shows("Un appareil de confiance").leave()
    SignIn(scene.page).shows("Vous êtes déconnecté")


def remembered(scene: Scene) -> None:
    SignIn(scene.page).knows(scene.letter.email).fill_password(scene.password).go_on()
    Space(scene.page).shows()


def press_the_link(page: Page, mail: Mail) -> None:
    """In the browser that registered one click is enough; with scripts off there is a button."""
    page.goto(mail.link)
    if not has_scripts(page):
        Link(page).shows().confirm()
    Finished(page).shows()


SCRIPTS = by_key(
    *(site, tab, create, about_me, terms, recorded, confirm, activate, finished),
    *(password, code_mail, code, space),
    *(remember, remember_code, leave, remembered),
)
