"""What the portal asks of a device by itself: a passkey where the e-mail is typed, whether it could
hold one, and to forget those that were removed."""

import pytest
from playwright.sync_api import Page, expect

from player.members import ODILE
from player.screens.screen import Screen
from player.screens.second_factors import NewPasskey, PasskeyStep, SecondSteps
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
    return phone, device


def test_the_browser_offers_the_passkey_and_that_is_the_whole_sign_in(phone_with_key):
    phone, device = phone_with_key
    Screen(phone).submit("Me déconnecter")
    device.answers(True)
    phone.goto(SignIn.path)
    Space(phone).shows(ODILE.email)


def test_an_offer_that_is_not_taken_stands_in_nobody_s_way(phone_with_key):
    phone, device = phone_with_key
    Screen(phone).submit("Me déconnecter")
    SignIn(phone).open()
    phone.wait_for_timeout(1500)  # the browser has been asked, and waits
    SignIn(phone).fill(ODILE.email, "pas le bon du tout").go_on()
    SignIn(phone).refuses("aussi les majuscules")
    phone.wait_for_timeout(1500)
    SignIn(phone).fill_password().go_on()
    device.answers(True)
    PasskeyStep(phone).use()
    Space(phone).shows(ODILE.email)


def test_a_refused_sign_in_still_offers_it(phone_with_key):
    phone, device = phone_with_key
    Screen(phone).submit("Me déconnecter")
    SignIn(phone).open().fill(ODILE.email, "pas le bon du tout").go_on()
    SignIn(phone).refuses("aussi les majuscules")
    device.answers(True)
    Space(phone).shows(ODILE.email)


def test_a_removed_passkey_leaves_the_device_too(phone_with_key):
    phone, device = phone_with_key
    assert device.holds() == 1
    SecondSteps(phone).open().remove("la clé d’accès Chrome sur Linux")
    SecondSteps(phone).shows("est retirée")
    for _ in range(50):
        if not device.holds():
            break
        phone.wait_for_timeout(100)
    assert device.holds() == 0


OFFER = "La prochaine fois, avec votre empreinte ou votre visage ?"


def test_a_device_that_can_is_offered_a_passkey_until_it_says_no(stage, phone):
    stage.has_account_of(ODILE)
    VirtualAuthenticator(phone)
    signed_in(stage, phone)
    Space(phone).shows(OFFER).submit("Non merci")
    Space(phone).shows("C’est noté")
    phone.wait_for_timeout(1500)
    expect(phone.get_by_role("heading", name=OFFER)).to_have_count(0)
    Space(phone).open()
    phone.wait_for_timeout(1500)
    expect(phone.get_by_role("heading", name=OFFER)).to_have_count(0)


def test_the_offer_leads_to_a_passkey_and_is_made_no_more(stage, phone):
    stage.has_account_of(ODILE)
    VirtualAuthenticator(phone)
    signed_in(stage, phone)
    Space(phone).shows(OFFER).follow("Ajouter une clé d’accès")
    NewPasskey(phone).shows().make()
    Space(phone).open()
    assert OFFER not in phone.content().replace("\u00a0", " ")


def test_a_device_that_cannot_and_a_browser_without_scripts_are_not(stage, open_browser):
    stage.has_account_of(ODILE)
    for page in (open_browser(), open_browser(scripts=False)):
        signed_in(stage, page)
        page.wait_for_timeout(1500)
        expect(page.get_by_role("heading", name=OFFER)).to_be_hidden()
