"""A forgotten password: what is mailed, and to whom."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from player import mails
from player.members import ODILE, RENE, on_the_roll
from tests.journeys import count, journalled, mailed_recovery, refused, settled
from webapp.models import JournalEntry, OutboxMail, Recovery
from webapp.services.account import recovery, recovery_link
from webapp.services.kernel.work import Work

pytestmark = pytest.mark.usefixtures("account_id")


def ask(work, *, email=ODILE.email, number=ODILE.number):
    settled(work, recovery.ask, email=email, number=number)


def mailed(work, name="recovery"):
    found = [each for each in mails.waiting(work) if each.name == name]
    work.settle()
    return found


def from_elsewhere(work, host):
    return Work(work.db.engine, work.world, f"198.51.100.{host}")


def test_the_right_pair_gets_a_link_at_its_own_address(work):
    ask(work)
    (mail,) = mailed(work)
    assert mail.to == ODILE.email
    assert recovery_link.link_state(work, mailed_recovery(work)) == "ready"


def test_the_address_may_be_typed_in_capitals(work):
    ask(work, email=ODILE.email.upper())
    assert [each.to for each in mailed(work)] == [ODILE.email]


@pytest.mark.parametrize(
    "pair",
    [
        {"email": "personne@example.org"},
        {"number": RENE.number},
        {"number": "0099999"},
        {"email": RENE.email, "number": RENE.number},
    ],
    ids=["unknown address", "another's number", "nobody's number", "no account yet"],
)
def test_a_wrong_pair_mails_nothing_and_raises_nothing(work, pair):
    on_the_roll(work, RENE)
    ask(work, **pair)
    assert mailed(work) == []
    assert count(work, Recovery) == 0


def test_three_links_an_hour_and_no_word_about_the_fourth(work, clock):
    for _ in range(5):
        ask(work)
    assert len(mailed(work)) == 3
    clock.advance(hours=1)
    ask(work)
    assert len(mailed(work)) == 4


@pytest.mark.parametrize("number", ["12345", "0-012345", "n° 12345", "OO12345"])
def test_the_number_may_be_typed_without_its_zeros(work, number):
    ask(work, number=number)
    assert len(mailed(work)) == 1


def test_one_number_spelt_in_many_ways_gets_no_more_links(work):
    for number in ("12345", "012345", "0012345", "00012345", "1-2345"):
        ask(work, number=number)
    assert len(mailed(work)) == 3


def test_a_number_that_may_be_two_members_gets_no_link(work):
    on_the_roll(work, replace(RENE, number="00.12345"))
    ask(work, number="12345")
    assert mailed(work) == []
    ask(work, number="00 12345")
    assert len(mailed(work)) == 1


def test_three_links_an_hour_from_all_origins_together(work):
    for host in range(5):
        elsewhere = from_elsewhere(work, host)
        recovery.ask(elsewhere, email=ODILE.email, number=ODILE.number)
        elsewhere.close(commit=True)
    assert len(mailed(work)) == 3


def test_a_stranger_with_wrong_numbers_cannot_keep_the_owner_from_recovering(work):
    for number in range(10):
        ask(work, number=f"00900{number:02d}")
    ask(work)
    assert len(mailed(work)) == 1


def test_the_twenty_first_request_of_an_origin_within_the_hour_is_told(work, clock):
    for each in range(20):
        ask(work, email=f"personne{each}@example.org")
    with refused("recovery_closed") as refusal:
        ask(work)
    assert refusal.value.wait
    assert mailed(work) == []
    elsewhere = from_elsewhere(work, 1)
    recovery.ask(elsewhere, email=ODILE.email, number=ODILE.number)
    elsewhere.close(commit=True)
    clock.advance(hours=1)
    ask(work)
    assert len(mailed(work)) == 2


def test_the_mail_is_never_sent_once_its_link_is_dead(work):
    ask(work)
    link = work.db.execute(select(Recovery.expires_at)).scalar_one()
    assert work.db.execute(select(OutboxMail.best_before)).scalar_one() == link


def test_a_wrong_pair_leaves_no_mail_behind(work):
    ask(work, email="personne@example.org")
    assert count(work, OutboxMail) == 0


def test_the_journal_says_whose_account_and_nothing_that_was_typed(work, account_id):
    ask(work)
    ask(work, email="personne@example.org")
    assert journalled(work, "recovery.asked") == [{}, {}]
    rows = work.db.execute(JournalEntry.__table__.select().order_by("id")).all()
    assert [row.account_id for row in rows] == [account_id, None]
    assert "example.org" not in repr(rows) and ODILE.number not in repr(rows)
