"""A double tap on any button does once what it says."""

import pytest

from player.members import ODILE, RENE
from player.screens.mailbox import CONFIRMATION, SECURITY_CODE, Mailbox
from player.screens.registration import AboutMe, Finished, InProgress, Link, Recorded, Terms
from player.screens.security import Security
from player.screens.sign_in import SecurityCode, SignIn
from player.screens.space import Space
from player.walk import registered, walk
from webapp.rules.procedure import SIGN_IN


def tap_twice(screen, name: str) -> None:
    with screen.replaced():
        screen.button(name).dblclick()


@pytest.fixture
def registering(stage, page):
    """Odile at her first screen, filled in."""
    stage.sends_letter_to()
    return AboutMe(page).open().fill(ODILE)


@pytest.fixture
def recorded(stage, page):
    """Odile at screen 7, a while later."""
    stage.sends_letter_to()
    registered(stage, page)
    stage.clock.advance(seconds=61)
    return Recorded(page)


def test_my_details(registering, page):
    tap_twice(registering, "Continuer")
    Terms(page).shows()


def test_the_terms(registering, stage, page):
    registering.go_on()
    tap_twice(Terms(page).shows().accept(), "Continuer")
    Recorded(page).shows()
    assert stage.mails(ODILE.email, CONFIRMATION) == 1


def test_sending_the_mail_again(recorded, stage, page):
    tap_twice(recorded, "Renvoyer le message")
    recorded.shows()
    assert stage.mails(ODILE.email, CONFIRMATION) == 2


def test_changing_the_address(recorded, stage, page):
    page.get_by_text("L’adresse n’est pas la bonne ?").click()
    recorded.field("Nouvelle adresse e-mail").fill(RENE.email)
    recorded.field("Code d’accès").fill(ODILE.access_code)
    tap_twice(recorded, "Changer d’adresse")
    recorded.shows(RENE.email)
    assert stage.mails(RENE.email, CONFIRMATION) == 1


def test_the_button_of_the_link(recorded, stage, open_browser, scripts):
    mail = Mailbox(stage.post_office, ODILE.email).confirmation()
    page = open_browser(scripts=scripts)
    page.goto(mail.link)
    tap_twice(Link(page).shows(), "Je valide mon inscription")
    Finished(page).shows()


def test_the_activation_code(recorded, stage, page):
    mail = Mailbox(stage.post_office, ODILE.email).confirmation()
    SignIn(page).open().fill(ODILE.email).go_on()
    InProgress(page).field("Code d’activation").fill(mail.activation_code)
    tap_twice(InProgress(page), "Valider")
    Finished(page).shows()


@pytest.fixture
def signing_in(stage, page):
    """Odile has an account and is at the sign-in page, filled in."""
    stage.has_account_of(ODILE)
    return SignIn(page).open().fill(ODILE.email)


def test_the_password(signing_in, stage, page):
    tap_twice(signing_in, "Je me connecte")
    SecurityCode(page).shows()
    assert stage.mails(ODILE.email, SECURITY_CODE) == 1


def test_the_password_then_the_code_typed_once(signing_in, stage, page):
    """Whichever of the two answers the browser kept, it holds the same sign-in."""
    tap_twice(signing_in, "Je me connecte")
    code = Mailbox(stage.post_office, ODILE.email).security_code()
    SecurityCode(page).shows().enter(code)
    Space(page).shows()


def test_the_security_code(stage, phone):
    """With scripts off, two answers race and the browser may keep the later one: it says that the
    session is over, and the member signs in again (docs/decisions/open.md)."""
    stage.has_account_of(ODILE)
    SignIn(phone).open().fill(ODILE.email).go_on()
    code = Mailbox(stage.post_office, ODILE.email).security_code()
    SecurityCode(phone).shows().field("Code de sécurité").fill(code)
    tap_twice(SecurityCode(phone), "Valider")
    Space(phone).shows()
    phone.reload()
    Space(phone).shows()


def test_asking_for_another_code(signing_in, stage, page):
    signing_in.go_on()
    stage.clock.advance(seconds=61)
    tap_twice(SecurityCode(page).shows(), "Renvoyer le code")
    SecurityCode(page).shows()
    assert stage.mails(ODILE.email, SECURITY_CODE) == 2


def test_forgetting_a_device_and_signing_out(stage, page):
    stage.has_account_of(ODILE)
    walk(SIGN_IN, stage, page, remember=True)
    with Security(page).open().replaced():
        page.get_by_role("button", name="Oublier").dblclick()
    Security(page).shows("cet appareil est oublié")
    tap_twice(Space(page).open(), "Me déconnecter")
    SignIn(page).shows("Vous êtes déconnecté")
