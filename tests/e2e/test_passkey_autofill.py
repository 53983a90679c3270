"""A passkey where the e-mail is typed: the browser offers it, nothing is pressed on the page."""

import pytest
from playwright.sync_api import Page

from player.members import ODILE
from player.screens.screen import Screen
from player.screens.second_factors import NewPasskey
from player.screens.sign_in import SignIn
from player.screens.space import Space
from player.virtual_authenticator import VirtualAuthenticator
from player.walk import signed_in


@pytest.fixture
def host():
    return "localhost"


@pytest.fixture
def phone_with_key(stage, phone) -> tuple[Page, VirtualAuthenticator]:
    stage.has_account_of(ODILE)
    device = VirtualAuthenticator(phone, autofill=True)
    signed_in(stage, phone)
    NewPasskey(phone).open().make()
    device.answers(False)
    Screen(phone).submit("J’ai gardé mes codes")
    Screen(phone).submit("Me déconnecter")
    return phone, device


def test_the_browser_offers_the_passkey_and_that_is_the_whole_sign_in(phone_with_key):
    phone, device = phone_with_key
    device.answers(True)
    phone.goto(SignIn.path)
    Space(phone).shows(ODILE.email)
