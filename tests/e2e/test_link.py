"""The link of the confirmation mail: scanners, other browsers, twice, too late."""

import pytest

from player.members import ODILE
from player.screens.mailbox import CONFIRMATION
from player.screens.registration import AboutMe, Cut, Finished, Link, Over, Recorded, Terms
from player.screens.sign_in import SignIn
from player.walk import registered
from tests.e2e.ledger import Ledger


@pytest.fixture
def mailed(stage, phone):
    """Odile has registered on her phone; the mail has come."""
    stage.sends_letter_to()
    return registered(stage, phone).open_mail(CONFIRMATION)


def test_a_scanner_that_opens_it_three_times_and_runs_its_scripts_changes_nothing(
    mailed, stage, phone, open_browser
):
    scanner = open_browser()
    ledger = Ledger(scanner)
    for _ in range(3):
        scanner.goto(mailed.link, wait_until="networkidle")
        Link(scanner).shows()
    assert scanner.request.head(mailed.link).status == 200
    assert not ledger.posts()
    phone.reload()
    Recorded(phone).shows()


def test_in_another_browser_it_shows_one_button_that_ends_the_registration(mailed, phone, page):
    page.goto(mailed.link)
    Link(page).shows("Vous n’avez pas demandé d’inscription ?").confirm()
    Finished(page).shows()

    phone.reload()
    Finished(phone).shows()


def test_in_the_browser_that_registered_one_click_is_enough(mailed, phone):
    phone.context.new_page().goto(mailed.link)
    Finished(phone.context.pages[-1]).shows()


def test_a_second_use_shows_the_same_screen(mailed, page, open_browser):
    page.goto(mailed.link)
    Link(page).confirm()
    Finished(page).shows()
    for again in (page, open_browser()):
        again.goto(mailed.link)
        Finished(again).shows("Je me connecte")


def test_a_button_left_open_while_the_link_was_used_elsewhere_leads_to_the_same_screen(
    mailed, desktop, open_browser
):
    desktop.goto(mailed.link)
    elsewhere = open_browser()
    elsewhere.goto(mailed.link)
    Link(elsewhere).confirm()
    Finished(elsewhere).shows()
    Link(desktop).shows().confirm()
    Finished(desktop).shows()


def test_after_24_hours_it_says_so_and_offers_to_begin_again(mailed, stage, page):
    stage.clock.advance(hours=24, seconds=1)
    page.goto(mailed.link)
    Over(page).shows("24 heures").follow("Je crée mon compte")
    AboutMe(page).fill(ODILE).go_on()
    Terms(page).shows()


def test_a_button_left_open_for_24_hours_says_so_too(mailed, stage, page):
    page.goto(mailed.link)
    Link(page).shows()
    stage.clock.advance(hours=24, seconds=1)
    Link(page).confirm()
    Over(page).shows()


def test_a_link_that_was_cut_says_what_to_do(mailed, desktop):
    desktop.goto(mailed.link[:-3])
    Cut(desktop).shows("code d’activation").follow("Je me connecte")
    SignIn(desktop).shows()
