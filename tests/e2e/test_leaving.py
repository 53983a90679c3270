"""Signing out, here and everywhere; the end of a session and its warning."""

import pytest
from playwright.sync_api import expect

from player.browsers import DESKTOP
from player.members import ODILE
from player.screens.security import Security
from player.screens.sign_in import SecurityCode, SignIn
from player.screens.space import Space
from player.walk import signed_in, walk
from webapp.rules.procedure import SIGN_IN


@pytest.fixture
def member(stage):
    stage.has_account_of(ODILE)


def test_signing_out_closes_the_space_and_back_does_not_open_it_again(member, stage, page):
    walk(SIGN_IN, stage, page)
    Space(page).leave()
    SignIn(page).shows("Vous êtes déconnecté")
    page.go_back()
    SignIn(page).shows()


def test_signing_out_everywhere_closes_the_other_devices_and_forgets_them(
    member, stage, phone, open_browser
):
    other = open_browser(DESKTOP, scripts=False)
    signed_in(stage, other, remember=True)
    signed_in(stage, phone)
    Security(phone).open().leave_everywhere()
    SignIn(phone).shows("vous êtes déconnecté partout")

    other.reload()
    SignIn(other).shows("Votre session est terminée").knows("")
    SignIn(other).fill(ODILE.email).go_on()
    SecurityCode(other).shows()


def test_a_session_is_over_after_thirty_idle_minutes_and_the_page_says_so(member, stage, page):
    signed_in(stage, page)
    stage.clock.advance(minutes=30, seconds=1)
    page.reload()
    SignIn(page).shows("Votre session est terminée")


def test_what_is_pressed_after_the_end_leads_to_the_sign_in_page_too(member, stage, page):
    signed_in(stage, page, remember=True)
    Security(page).open()
    stage.clock.advance(minutes=30, seconds=1)
    Security(page).forget_device()
    SignIn(page).shows("Votre session est terminée")


@pytest.fixture
def in_the_space(member, stage, phone):
    """On a phone whose timers the test can push forward."""
    phone.clock.install()
    signed_in(stage, phone)
    return Space(phone).watches()


def later(stage, page, minutes: int) -> None:
    """Time passes for the portal and for the phone."""
    stage.clock.advance(minutes=minutes)
    page.clock.fast_forward(minutes * 60_000)


def test_two_minutes_before_its_end_a_session_can_be_prolonged(in_the_space, stage, phone):
    later(stage, phone, 27)
    expect(in_the_space.warning).to_be_hidden()
    later(stage, phone, 1)
    expect(in_the_space.warning).to_contain_text("dans deux minutes")
    expect(in_the_space.button("Rester connecté")).to_be_focused()
    in_the_space.press("Rester connecté")
    expect(in_the_space.warning).to_be_hidden()
    stage.come_to_rest()

    later(stage, phone, 27)
    expect(in_the_space.warning).to_be_hidden()
    phone.reload()
    in_the_space.shows()


def test_a_session_that_nobody_prolongs_ends_on_the_sign_in_page(in_the_space, stage, phone):
    later(stage, phone, 29)
    expect(in_the_space.warning).to_be_visible()
    later(stage, phone, 2)
    SignIn(phone).shows("Votre session est terminée")
