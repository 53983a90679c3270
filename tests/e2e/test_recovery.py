"""A forgotten password, from the sign-in page to a sign-in with another one."""

import pytest

from player.camera import cameras
from player.members import ODILE
from player.screens.mailbox import PASSWORD_CHANGED
from player.screens.mailbox import RECOVERY as RECOVERY_MAIL
from player.screens.recovery import Changed, Forgotten, LinkOver, NewPassword, Sent
from player.screens.sign_in import SignIn
from player.walk import signed_in, walk
from player.world import NEW_PASSWORD, PASSWORD
from tests.e2e.ledger import Ledger, OneRoundTrip, PlainForms
from webapp.rules.procedure import RECOVERY, SIGN_IN


@pytest.fixture(autouse=True)
def member(stage):
    stage.has_account_of(ODILE)


@pytest.fixture
def link(stage, page):
    """Odile asked for it on her phone; the mail has come."""
    scene = walk(RECOVERY, stage, page, until="forgotten")
    return scene.open_mail(RECOVERY_MAIL).target("Je choisis un nouveau mot de passe")


def test_a_member_chooses_another_password_and_signs_in_with_it(stage, page, scripts):
    witness = OneRoundTrip(page) if scripts else PlainForms(page)
    film = cameras(f"phone-{'htmx' if scripts else 'plain'}-recovery")
    walk(RECOVERY, stage, page, witness, *film)
    assert stage.mails(ODILE.email, PASSWORD_CHANGED) == 1
    Changed(page).follow("Je me connecte")
    SignIn(page).fill(ODILE.email, PASSWORD).go_on()
    SignIn(page).refuses()
    walk(SIGN_IN, stage, page, password=NEW_PASSWORD)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_on_postgresql_too(stage, phone):
    walk(RECOVERY, stage, phone, OneRoundTrip(phone))
    Changed(phone).follow("Je me connecte")
    walk(SIGN_IN, stage, phone, password=NEW_PASSWORD)


def test_an_unknown_pair_gets_the_same_screen_and_no_mail(stage, page):
    for changes in ({"email": "personne@example.org"}, {"number": "0099999"}):
        Forgotten(page).open().fill(ODILE, **changes).go_on()
        Sent(page).shows()
    assert stage.mails(ODILE.email) == stage.mails("personne@example.org") == 0


def test_a_scanner_that_opens_the_link_three_times_changes_nothing(link, page, open_browser):
    scanner = open_browser()
    ledger = Ledger(scanner)
    for _ in range(3):
        scanner.goto(link, wait_until="networkidle")
        NewPassword(scanner).shows()
    assert not ledger.posts()
    page.goto(link)
    NewPassword(page).fill(NEW_PASSWORD).go_on()
    Changed(page).shows()


def test_slips_are_told_and_the_link_stays_good(link, page):
    page.goto(link)
    NewPassword(page).fill("trop court").go_on()
    NewPassword(page).refuses("12").fill(NEW_PASSWORD, "autre chose, par mégarde").go_on()
    NewPassword(page).refuses().fill(NEW_PASSWORD).go_on()
    Changed(page).shows()


def test_a_second_use_says_so_and_offers_to_sign_in(link, page, open_browser):
    page.goto(link)
    late = open_browser()
    late.goto(link)
    NewPassword(page).fill(NEW_PASSWORD).go_on()
    Changed(page).shows()
    NewPassword(late).fill("encore une autre phrase").go_on()
    LinkOver(late).shows("déjà servi")
    page.goto(link)
    LinkOver(page).shows("déjà servi").follow("Je me connecte")
    SignIn(page).shows()


def test_after_thirty_minutes_it_says_so_and_offers_another(link, stage, page):
    stage.clock.advance(minutes=30, seconds=1)
    page.goto(link)
    LinkOver(page).shows("30 minutes").follow("Demander un autre lien")
    Forgotten(page).shows()


def test_who_is_signed_in_elsewhere_no_longer_is(stage, page, open_browser):
    other = open_browser()
    signed_in(stage, other, remember=True)
    walk(RECOVERY, stage, page)
    other.reload()
    SignIn(other).shows("Votre session est terminée").knows("")
