"""A stranger goes on for hours: the owner is warned, and gets in when told."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from player.members import ODILE, RENE, with_account
from player.statements import Statements
from player.world import NEW_PASSWORD, PASSWORD
from tests.journeys import at_code, found, give_password, refused, signed_in
from tests.strangers import NOBODY, WRONG, fail, ten_failures, warned_link, warnings
from webapp.models import OutboxMail
from webapp.rules.ranks import Rank
from webapp.rules.refusals import Refusal
from webapp.services.account import address, password
from webapp.services.kernel.work import Work
from webapp.services.sign_in import own_tries

pytestmark = pytest.mark.usefixtures("account_id")


def test_the_owner_is_warned_at_every_tenth_failure_in_a_row(work, clock):
    fail(work, 5)
    for each in range(6, 32):
        assert len(warnings(work)) == (each - 1) // 10
        clock.advance(hours=1)
        fail(work)


def test_a_stranger_who_goes_on_for_a_week_leaves_the_owner_with_a_link_that_opens(work, clock):
    fail(work, 5)
    for _ in range(7 * 24):
        clock.advance(hours=1)
        fail(work)
        if warnings(work):
            assert own_tries.exchange(work, warned_link(work))


def test_at_most_one_warning_an_hour_even_when_the_password_changes(work, clock):
    session = found(work, signed_in(work).token)
    present = PASSWORD
    for chosen in (NEW_PASSWORD, f"{NEW_PASSWORD} encore"):
        fail(work, 5)
        for minutes in (1, 2, 4, 8, 15):
            clock.advance(minutes=minutes, seconds=1 if minutes < 15 else 61)
            fail(work)
        _, session = password.change(work, session, present=present, password=chosen)
        work.settle()
        present = chosen
    assert len(warnings(work)) == 1
    clock.advance(hours=1)
    fail(work, 5)
    for _ in range(5):
        clock.advance(hours=1)
        fail(work)
    assert len(warnings(work)) == 2


def test_an_address_without_an_account_costs_the_same_and_no_mail_stays(work, clock):
    asked = {}
    for email in (ODILE.email, NOBODY):
        fail(work, 5, email)
        for _ in range(4):
            clock.advance(hours=1)
            fail(work, email=email)
        clock.advance(hours=1)
        with Statements(work.db.engine) as statements:
            fail(work, email=email)
        asked[email] = [
            each.split()[0] for each in statements.seen if not each.startswith(("SAVE", "ROLL"))
        ]
    assert asked[ODILE.email] == asked[NOBODY]
    assert [each.to for each in warnings(work)] == [ODILE.email]


def test_the_sender_is_not_woken_by_a_warning(work, clock):
    ten_failures(work, clock)
    assert len(warnings(work)) == 1 and not work.world.local_queue.awake.is_set()


def test_no_flood_of_other_mails_holds_the_warning_back(work, clock):
    """Strangers with spaces of their own ask to move them to the owner's address, who is told."""
    strangers = [
        replace(RENE, number=f"00777{each}", email=f"{each}@example.org") for each in "123"
    ]
    for stranger in strangers:
        with_account(work, stranger)
    for _ in range(3):
        for each in strangers:
            session = found(work, signed_in(work, email=each.email, browser=str(clock.now())).token)
            for _ in range(5):
                address.ask(work, session, email=ODILE.email, password=PASSWORD)
                work.settle()
        clock.advance(minutes=61)
    fail(work, 5)
    for _ in range(5):
        clock.advance(minutes=16)
        fail(work)
    held = select(OutboxMail.not_before).where(OutboxMail.name == "address_in_use")
    assert max(work.db.execute(held).scalars()) > work.now
    warning = select(OutboxMail.not_before).where(OutboxMail.name == "ten_failures")
    assert work.db.execute(warning).scalar_one() <= work.now


def test_a_warning_is_worth_nothing_once_its_link_is_dead(work, clock):
    ten_failures(work, clock)
    row = work.db.execute(OutboxMail.__table__.select()).one()
    assert row.best_before == work.now + timedelta(hours=24)
    assert "24 heures" in warnings(work)[0].text.replace("\u00a0", " ")


def hammer(work, email, times):
    compared = 0
    for _ in range(times):
        try:
            give_password(work, email, WRONG)
        except Refusal as refusal:
            compared += refusal.key == "sign_in_wrong"
    return compared


def test_who_hammers_from_one_address_does_not_reach_the_owner_s_delay(work, engine, world, clock):
    """The owner comes from elsewhere, exactly when told."""
    owner = Work(engine, world, "198.51.100.9")
    for _ in range(3):
        hammer(work, ODILE.email, 120)
        with refused("password_closed") as refusal:
            give_password(owner)
        clock.advance(seconds=refusal.value.wait.total_seconds())
        assert hammer(work, ODILE.email, 20) == 0
        assert give_password(owner).rank is Rank.CODE
        clock.advance(hours=1)
    owner.close(commit=False)


def test_hammering_is_answered_alike_whether_the_account_exists_or_not(engine, world):
    told = {}
    for host, email in enumerate((ODILE.email, NOBODY)):
        stranger = Work(engine, world, f"192.0.2.{host}")
        told[email] = []
        for _ in range(130):
            try:
                give_password(stranger, email, WRONG)
            except Refusal as refusal:
                told[email].append((refusal.key, refusal.wait))
        stranger.close(commit=False)
    assert told[ODILE.email] == told[NOBODY]
    assert {key for key, _ in told[NOBODY]} == {"sign_in_wrong", "password_closed", "origin_closed"}


def test_right_after_a_password_change_a_flood_does_not_refuse_the_owner(work, clock):
    session = found(work, signed_in(work).token)
    password.change(work, session, present=PASSWORD, password=NEW_PASSWORD)
    own_pass = own_tries.give(work, session.account_id)
    work.settle()
    hammer(work, ODILE.email, 130)
    assert at_code(work, password=NEW_PASSWORD, own_pass=own_pass).rank is Rank.CODE
