"""A registration that went wrong is mended by its member, without calling anyone."""

from dataclasses import replace

from tests.e2e.screens.mailbox import CONFIRMATION, HAS_A_SPACE, Mailbox
from tests.e2e.screens.registration import (
    AboutMe,
    AlreadyMember,
    Finished,
    InProgress,
    Link,
    Over,
    Recorded,
    Terms,
)  # fmt: skip
from tests.e2e.screens.sign_in import SignIn
from tests.e2e.walk import walk
from tests.members import ODILE, RENE
from webapp.rules.procedure import ACTIVATION, REGISTRATION, SIGN_IN

MISTYPED = replace(ODILE, email="odlie@example.org")


def test_a_mistyped_address_is_mended_by_registering_again_with_the_letter(stage, page):
    stage.sends_letter_to(ODILE)
    first = walk(REGISTRATION, stage, page, letter=MISTYPED, until="recorded")
    lost = first.open_mail(CONFIRMATION)

    walk(REGISTRATION, stage, page, letter=ODILE)
    walk(SIGN_IN, stage, page, letter=ODILE)

    page.goto(lost.link)
    Over(page).shows("une demande plus récente")


def test_a_mistyped_address_is_changed_on_screen_7(stage, page):
    stage.sends_letter_to(ODILE)
    walk(REGISTRATION, stage, page, letter=MISTYPED, until="recorded")
    lost = stage.post_office.wait_for(MISTYPED.email, CONFIRMATION)

    Recorded(page).change_address(ODILE.email)
    Recorded(page).shows("le message est parti à la nouvelle adresse", ODILE.email)

    page.goto(lost.link)
    Over(page).shows()
    page.goto(Mailbox(stage.post_office, ODILE.email).confirmation().link)
    Finished(page).shows() if page_confirms(page) else Link(page).confirm()
    Finished(page).shows()


def page_confirms(page) -> bool:
    return page.evaluate("matchMedia('(scripting: enabled)').matches")


def test_the_same_address_again_is_no_change(stage, page):
    stage.sends_letter_to()
    walk(REGISTRATION, stage, page, until="recorded")
    Recorded(page).change_address(ODILE.email)
    Recorded(page).refuses("l’adresse à laquelle nous avons déjà écrit")
    assert stage.mails(ODILE.email) == 1


def test_the_mail_is_sent_again_once_a_minute_and_the_first_one_stays_good(stage, page):
    stage.sends_letter_to()
    scene = walk(REGISTRATION, stage, page, until="recorded")
    first = scene.open_mail(CONFIRMATION)

    Recorded(page).send_again()
    Recorded(page).refuses("Un message vient de partir")
    assert stage.mails(ODILE.email) == 1

    stage.clock.advance(seconds=61)
    Recorded(page).send_again()
    Recorded(page).shows("un nouveau message est parti")
    assert stage.mails(ODILE.email) == 2

    page.goto(first.link)
    if not page_confirms(page):
        Link(page).confirm()
    Finished(page).shows()


def test_the_mail_is_sent_again_and_readdressed_from_the_page_of_the_activation_code(stage, page):
    stage.sends_letter_to()
    walk(REGISTRATION, stage, page, letter=MISTYPED, until="recorded")
    SignIn(page).open().fill(MISTYPED.email).go_on()
    stage.clock.advance(seconds=61)
    InProgress(page).shows().send_again()
    InProgress(page).shows("un nouveau message est parti").change_address(ODILE.email)
    InProgress(page).shows("le message est parti à la nouvelle adresse", ODILE.email)
    InProgress(page).activate(
        Mailbox(stage.post_office, ODILE.email).confirmation().activation_code
    )
    Finished(page).shows()


def test_five_wrong_activation_codes_close_that_way_for_an_hour_and_the_link_still_works(
    stage, page, open_browser
):
    stage.sends_letter_to()
    scene = walk(REGISTRATION, stage, page, until="recorded")
    mail = scene.open_mail(CONFIRMATION)
    SignIn(page).open().fill(ODILE.email).go_on()
    wrong = str(int(mail.activation_code[::-1]) ^ 1).zfill(13)
    for _ in range(5):
        InProgress(page).activate(wrong)
        InProgress(page).refuses("Ce code d’activation n’est pas le bon")
    InProgress(page).activate(mail.activation_code)
    InProgress(page).refuses("Trop d’essais")

    elsewhere = open_browser()
    elsewhere.goto(mail.link)
    Link(elsewhere).confirm()
    Finished(elsewhere).shows()


def test_back_to_step_1_keeps_what_was_proved_and_asks_for_no_secret_again(stage, page):
    stage.sends_letter_to()
    walk(REGISTRATION, stage, page, letter=MISTYPED, until="about_me")
    Terms(page).follow("Retour")
    AboutMe(page).shows().is_filled_with(MISTYPED)
    AboutMe(page).field("Email").fill(ODILE.email)
    AboutMe(page).go_on()
    Terms(page).shows().accept().go_on()
    Recorded(page).shows(ODILE.email)
    assert stage.mails(MISTYPED.email) == 0


def test_who_proves_the_letter_of_a_member_is_told_so(stage, page):
    stage.has_account_of(ODILE)
    AboutMe(page).open().fill(ODILE).go_on()
    AlreadyMember(page).shows("Je me connecte", "Mot de passe oublié ?")


def test_nobody_learns_from_the_screens_that_an_address_has_an_account(stage, page, open_browser):
    stage.has_account_of(RENE)
    stage.sends_letter_to(ODILE)
    other = open_browser()
    walk(REGISTRATION, stage, other, letter=ODILE, until="recorded")
    honest = told(other, ODILE.email)
    walk(REGISTRATION, stage, page, letter=replace(ODILE, email=RENE.email), until="recorded")
    assert told(page, RENE.email) == honest

    assert stage.mails(RENE.email, HAS_A_SPACE) == 1
    assert stage.mails(RENE.email, CONFIRMATION) == 0


def told(page, email) -> list[str]:
    """What the page says, but for the address and the times of day."""
    words = page.get_by_role("main").inner_text().replace(email, "…").split()
    return [word for word in words if not any(sign.isdigit() for sign in word)]


def test_an_unknown_address_and_a_wrong_password_are_refused_in_the_same_words(stage, page):
    stage.has_account_of(ODILE)
    said = []
    for email in (ODILE.email, RENE.email):
        SignIn(page).open().fill(email, "pas le bon mot de passe").go_on()
        SignIn(page).refuses("L’e-mail ou le mot de passe n’est pas le bon")
        said.append((page.title(), page.get_by_role("main").inner_text()))
    assert said[0] == said[1]


def test_the_activation_code_is_good_on_another_device(stage, page, open_browser):
    stage.sends_letter_to()
    walk(REGISTRATION, stage, open_browser(), until="recorded")
    walk(ACTIVATION_ALONE, stage, page)


ACTIVATION_ALONE = replace(ACTIVATION, steps=ACTIVATION.steps[-2:])
