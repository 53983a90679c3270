"""A page that stays open while time goes by: the computer sleeps, a link is pressed elsewhere."""

from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, expect

from player.members import ODILE
from player.screens.mailbox import CONFIRMATION
from player.screens.registration import Finished, Recorded
from player.screens.sign_in import SignIn
from player.screens.space import Space
from player.walk import registered, signed_in


def sleeps(page: Page, **span: float) -> None:
    """The computer's clock goes on, and nothing else: no timer runs meanwhile."""
    page.clock.set_system_time(datetime.now(UTC) + timedelta(**span))


def test_after_a_sleep_nothing_of_a_member_is_shown_any_more(stage, phone):
    stage.has_account_of(ODILE)
    signed_in(stage, phone)
    Space(phone).shows(ODILE.number)
    phone.wait_for_load_state("networkidle")
    phone.route("**/espace", lambda route: route.abort())  # the network is not back yet
    sleeps(phone, hours=3)
    phone.evaluate("() => dispatchEvent(new Event('focus'))")
    expect(phone.get_by_text(ODILE.number)).to_be_hidden(timeout=900)
    phone.unroute("**/espace")


def test_after_a_sleep_the_session_s_end_is_told(stage, phone):
    stage.has_account_of(ODILE)
    signed_in(stage, phone)
    Space(phone).shows(ODILE.number)
    stage.clock.advance(hours=3)
    sleeps(phone, hours=3)
    phone.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
    SignIn(phone).shows("Votre session est terminée")


def test_who_comes_back_from_the_mail_finds_the_registration_finished(stage, phone, desktop):
    stage.sends_letter_to()
    mail = registered(stage, phone).open_mail(CONFIRMATION)
    Recorded(phone).shows()
    phone.wait_for_load_state("networkidle")
    phone.evaluate("() => dispatchEvent(new Event('focus'))")
    Recorded(phone).shows()
    desktop.goto(mail.link)
    desktop.get_by_role("button", name="Je valide mon inscription").click()
    Finished(desktop).shows()
    sleeps(phone, minutes=1)
    phone.evaluate("() => dispatchEvent(new Event('focus'))")
    Finished(phone).shows()
