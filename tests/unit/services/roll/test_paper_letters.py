"""A letter that was right once: its holder is told why it opens nothing, and nobody else."""

from datetime import date

import pytest
from sqlalchemy import select, update

from player.members import ODILE, RENE, becomes, on_the_roll, with_account
from player.statements import Statements
from tests.closings import purge
from tests.journeys import in_waiting, journalled, mailed_link, refused, reissued, settled
from tests.roll_desk import MAKER
from webapp.models import Letter, RollEntry
from webapp.rules import limits
from webapp.rules.statuses import LEFT, REFUSED
from webapp.services.letters import posting, reissue, states
from webapp.services.registration import confirmation
from webapp.services.roll import entries
from webapp.services.roll.report import NEVER

WRONG = "W" * 12
UNKNOWN = "9999999"


@pytest.fixture(autouse=True)
def entry_id(work):
    roll_id = on_the_roll(work)
    work.settle()
    return roll_id


def prove(work, letter=ODILE, code=None):
    return settled(work, entries.entry_of_letter, letter.number, code or letter.access_code)


def used(work):
    found = work.db.scalars(select(Letter.used_at).order_by(Letter.id)).all()
    work.settle()
    return found


def test_one_that_is_over_says_since_which_day(work, clock):
    clock.advance(days=90)
    with refused("letter_expired") as refusal:
        prove(work)
    assert refusal.value.on == date(2027, 3, 1)
    assert journalled(work, "registration.letter_over") == [{"why": "expired"}]


def test_one_of_a_batch_is_over_the_day_after_the_one_that_it_tells(work, clock):
    newer = reissued(work)
    clock.advance(days=106)
    with refused("letter_expired") as refusal:
        prove(work, newer)
    assert refusal.value.on == date(2027, 3, 17)  # good until the 16th


@pytest.mark.parametrize("times", [1, 3])
def test_one_that_was_replaced_tells_the_date_of_the_newest(work, clock, times):
    olds = [ODILE]
    for _ in range(times):
        clock.advance(days=2)
        olds.append(reissued(work))
    for old in olds[:-1]:
        with refused("letter_replaced") as refusal:
            prove(work, old)
        assert refusal.value.on == clock.time.date()
    assert prove(work, olds[-1]).number == ODILE.number


def test_one_replaced_by_a_code_of_the_file_tells_no_date(work):
    """The mutual printed that one: what stands on it is not known."""
    old = reissued(work)
    mac = entries.code_mac(work, ODILE.number, RENE.access_code)
    work.db.execute(update(RollEntry).values(code_mac=mac, code_issued_at=work.now))
    work.settle()
    with refused("letter_replaced") as refusal:
        prove(work, old)
    assert refusal.value.on is None


def test_one_replaced_by_a_letter_that_is_over_too_is_over(work, clock):
    old = reissued(work)
    reissued(work)
    clock.advance(days=120)
    with refused("letter_expired") as refusal:
        prove(work, old)
    assert refusal.value.on is None


def test_one_noted_as_returned_says_so(work):
    letter = reissued(work)
    posting.returned(work, [ODILE.number], operator="c.martin")
    work.settle()
    with refused("letter_returned"):
        prove(work, letter)


def test_one_whose_space_was_erased_says_that_it_served(work):
    work.db.execute(update(RollEntry).values(code_issued_at=entries.USED_UP))
    work.settle()
    with refused("letter_spent"):
        prove(work)


def test_old_or_new_that_of_who_left_gets_the_neutral_page(work):
    newer = reissued(work)
    becomes(work, LEFT, ODILE)
    for letter in (ODILE, newer):
        with refused("membership_over"):
            prove(work, letter)


def test_a_code_of_the_file_s_that_is_not_in_force_is_wrong(work):
    becomes(work, REFUSED, ODILE)
    work.db.execute(update(RollEntry).values(code_issued_at=NEVER))
    work.settle()
    with refused("letter_wrong"):
        prove(work)


def test_another_member_s_old_letter_is_a_wrong_code(work):
    on_the_roll(work, RENE)
    reissued(work, RENE)
    with refused("letter_wrong"):
        prove(work, ODILE, RENE.access_code)


def test_a_wrong_code_costs_the_same_whoever_is_asked_for(work, clock):
    """No former letter, some, one that is over, a number of nobody's: one answer, one work."""
    on_the_roll(work, RENE)
    prove(work, RENE)
    seen = []

    def ask(number):
        with Statements(work.db.engine) as statements, refused("letter_wrong"):
            settled(work, entries.entry_of_letter, number, WRONG)
        seen.append(statements.seen)

    ask(ODILE.number)
    ask(UNKNOWN)
    reissued(work)
    reissued(work)
    ask(ODILE.number)
    clock.advance(days=200)
    ask(ODILE.number)
    assert seen[1:] == seen[:-1]


def test_an_old_letter_is_no_oracle_its_looks_are_counted(work, clock):
    reissued(work)
    for _ in range(limits.ACCESS_CODE.tries):
        with refused("letter_replaced"):
            prove(work)
    with refused("letter_closed"):
        prove(work)


def test_it_is_told_for_what_it_is_from_an_address_that_failed_much(work):
    reissued(work)
    for each in range(100):
        with refused("letter_wrong"):
            settled(work, entries.entry_of_letter, str(each), WRONG)
    with refused("letter_replaced"):
        prove(work)
    with refused("origin_closed"):
        prove(work, ODILE, WRONG)


def test_the_letter_that_opens_a_space_is_used_and_stays_so(work, clock):
    newer = reissued(work)
    in_waiting(work, newer)
    assert used(work) == [None]
    confirmation.by_link(work, mailed_link(work))
    opened = work.now
    assert states.counts(work)["used"] == 1
    clock.advance(hours=1)
    purge(work)
    assert used(work) == [opened]


def test_the_newer_letter_of_a_member_who_has_a_space_is_used_by_its_takeover(work, clock):
    with_account(work, RENE)
    clock.advance(minutes=1)
    for each in (RENE, RENE):
        newer = reissued(work, each)
    in_waiting(work, newer, email="neuf@example.org")
    confirmation.by_link(work, mailed_link(work))
    clock.advance(minutes=1)
    purge(work)
    assert used(work) == [None, work.now]


def test_reissuing_twice_leaves_one_letter_that_opens(work):
    first = reissued(work)
    reissue.reissue(work, [ODILE.number], maker=MAKER)
    work.settle()
    with refused("letter_replaced"):
        prove(work, first)
