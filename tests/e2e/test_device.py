"""« Se souvenir de moi », and how to be forgotten."""

import pytest

from player.members import ODILE
from player.screens.mailbox import SECURITY_CODE
from player.screens.security import Security
from player.screens.sign_in import SecurityCode, SignIn
from player.screens.space import Space
from player.walk import signed_in, walk
from webapp.rules.procedure import SIGN_IN


@pytest.fixture
def remembered(stage, page):
    """Odile signed in with « Se souvenir de moi » and is in her space."""
    stage.has_account_of(ODILE)
    walk(SIGN_IN, stage, page, remember=True)
    return Space(page)


def test_a_remembered_device_fills_in_the_address_and_asks_for_the_password_only(
    remembered, stage, page
):
    Security(page).open().says("Chrome sur", "cet appareil")
    remembered.open().leave()
    SignIn(page).shows("Vous êtes déconnecté").knows(ODILE.email).fill_password().go_on()
    Space(page).shows()
    assert stage.mails(ODILE.email, SECURITY_CODE) == 1


def test_another_device_still_asks_for_a_code(stage, phone, open_browser):
    stage.has_account_of(ODILE)
    signed_in(stage, phone, remember=True)
    stage.clock.advance(seconds=61)
    walk(SIGN_IN, stage, open_browser())


def test_a_device_forgotten_in_the_space_asks_for_everything_again(remembered, stage, page):
    Security(page).open().forget_device()
    Security(page).shows("cet appareil est oublié", "Aucun.")
    remembered.open().leave()
    SignIn(page).shows().knows("").fill(ODILE.email).go_on()
    SecurityCode(page).shows()


def test_a_device_is_trusted_for_30_days(stage, phone):
    stage.has_account_of(ODILE)
    signed_in(stage, phone, remember=True)
    stage.clock.advance(days=30, seconds=1)
    SignIn(phone).open().fill(ODILE.email).go_on()
    SecurityCode(phone).shows()


def test_a_wrong_password_on_a_remembered_device_keeps_the_address(remembered, page):
    remembered.leave()
    SignIn(page).shows().fill_password("pas le bon mot de passe").go_on()
    SignIn(page).refuses("L’e-mail ou le mot de passe n’est pas le bon").knows(ODILE.email)
