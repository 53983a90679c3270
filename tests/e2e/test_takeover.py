"""Password and mailbox lost: a newer letter takes the account over, or its owner stops that."""

from dataclasses import replace

import pytest

from player.camera import cameras
from player.members import ODILE
from player.screens.mailbox import NEW_ACCESS
from player.screens.mailbox import NEW_LETTER as NEW_LETTER_MAIL
from player.screens.registration import AboutMe, AlreadyMember
from player.screens.sign_in import SignIn
from player.screens.space import Space
from player.screens.takeover import StopPage, Stopped, TooLate
from player.walk import signed_in, walk
from player.world import NEW_PASSWORD
from tests.e2e.ledger import Ledger, OneRoundTrip, PlainForms
from webapp.rules.procedure import NEW_LETTER, SIGN_IN, STOP_NEW_LETTER

NEW = "odile.neuve@example.org"


@pytest.fixture
def newer(stage):
    """Odile has an account, and in her hands a newer letter."""
    stage.has_account_of(ODILE)
    return replace(stage.sends_another_letter_to(ODILE), email=NEW)


@pytest.fixture
def who(newer):
    return {"letter": newer, "password": NEW_PASSWORD}


@pytest.fixture
def film(scripts):
    return cameras(f"phone-{'htmx' if scripts else 'plain'}-takeover")


def test_a_member_who_lost_both_comes_back_a_day_later(stage, page, scripts, who, film):
    witness = OneRoundTrip(page) if scripts else PlainForms(page)
    walk(NEW_LETTER, stage, page, witness, *film, **who)
    Space(page).shows(NEW)
    assert stage.mails(ODILE.email, NEW_LETTER_MAIL) == 1
    assert stage.mails(ODILE.email, NEW_ACCESS) == stage.mails(NEW, NEW_ACCESS) == 1


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_on_postgresql_too(stage, phone, who):
    walk(NEW_LETTER, stage, phone, OneRoundTrip(phone), **who)


def test_the_former_address_stops_it_with_one_button(stage, page, scripts, who, film, open_browser):
    stage.takes_over(**who)
    witness = OneRoundTrip(page) if scripts else PlainForms(page)
    walk(STOP_NEW_LETTER, stage, page, witness, *film)
    stage.clock.advance(hours=25)
    walk(SIGN_IN, stage, open_browser())
    assert stage.mails(NEW, NEW_ACCESS) == 0


def test_a_scanner_that_opens_the_link_three_times_stops_nothing(stage, who, open_browser, scripts):
    stage.takes_over(**who)
    link = stage.post_office.wait_for(ODILE.email, NEW_LETTER_MAIL).target("J’arrête ce changement")
    scanner = open_browser(scripts=scripts)
    ledger = Ledger(scanner)
    for _ in range(3):
        scanner.goto(link, wait_until="networkidle")
        StopPage(scanner).shows()
    assert not ledger.posts()


def test_too_late_the_page_says_what_to_do(stage, page, who, open_browser):
    walk(NEW_LETTER, stage, page, until="new_access", **who)
    link = stage.post_office.wait_for(ODILE.email, NEW_LETTER_MAIL).target("J’arrête ce changement")
    former = open_browser()
    former.goto(link)
    TooLate(former).shows("Mot de passe oublié ?", "01 99 00 12 34")


def test_a_member_who_is_signed_in_is_warned_and_stops_it(stage, page, who):
    signed_in(stage, page)
    stage.takes_over(**who)
    page.reload()
    Space(page).shows("Un nouveau courrier va remplacer votre accès")
    Space(page).submit("J’arrête ce changement")
    Space(page).shows("le changement est arrêté")
    assert page.get_by_text("va remplacer votre accès").count() == 0


def test_before_the_day_is_over_the_new_access_says_when_and_the_former_works(
    stage, page, who, open_browser
):
    stage.takes_over(**who)
    SignIn(page).open().fill(NEW, NEW_PASSWORD).go_on()
    SignIn(page).refuses("s’ouvrira dans 24")
    walk(SIGN_IN, stage, open_browser())


def test_the_newer_letter_serves_once(stage, page, who, newer):
    stage.takes_over(**who)
    AboutMe(page).open().fill(newer, NEW_PASSWORD).go_on()
    AlreadyMember(page).shows("déjà servi", "24 heures")


def test_stopped_in_another_tab_the_second_press_says_the_same(stage, page, who):
    stage.takes_over(**who)
    link = stage.post_office.wait_for(ODILE.email, NEW_LETTER_MAIL).target("J’arrête ce changement")
    tab = page.context.new_page()
    for each in (page, tab):
        each.goto(link)
    for each in (page, tab):
        StopPage(each).stop()
        Stopped(each).shows()
