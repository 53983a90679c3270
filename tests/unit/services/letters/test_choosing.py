"""Whom a batch of letters is for, and that nobody's beginning is cut short by it."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import insert, literal, select, text

from player.members import LUCE, ODILE, RENE, Letter, on_the_roll, with_account
from tests.journeys import in_waiting
from webapp.models import Account, RollEntry
from webapp.services.kernel.work import Work
from webapp.services.letters import batches, posting
from webapp.services.letters.batches import Maker, Nobody
from webapp.services.letters.choosing import Choice, not_exact, room_for_all
from webapp.services.roll.members import NotOnTheRoll

MAKER = Maker("c.martin", "recipe", "https://adherents.example.org")
UNUSED = Choice(unused_since=30, no_address_needed=True)


def make(work, choice, unfit=room_for_all):
    return batches.make(work, choice, maker=MAKER, unfit=unfit)


def numbers(work, choice):
    """Whom a batch of this choice would be for; it is not made."""
    try:
        batch = make(work, choice).batch
        return [each.to.number for each in batches.sheets(work, batch)]
    except Nobody:
        return []
    finally:
        work.undo()


@pytest.fixture(autouse=True)
def roll(work):
    """Odile has a space; René and Luce have letters of today."""
    with_account(work)
    on_the_roll(work, RENE)
    on_the_roll(work, LUCE)
    on_the_roll(work, Letter("QAESSAI01", "4F7K9QXM2T6C", "essai@example.org"))
    work.settle()


def test_who_has_a_code_or_a_space_is_not_new(work):
    assert numbers(work, Choice(no_address_needed=True)) == []


@pytest.mark.parametrize(("days", "chosen"), [(29, []), (30, [RENE.number, LUCE.number])])
def test_an_unused_letter_is_written_again_after_so_many_days(work, clock, days, chosen):
    clock.advance(days=days)
    assert numbers(work, UNUSED) == chosen


@pytest.mark.parametrize(("days", "chosen"), [(29, []), (30, [RENE.number])])
def test_a_letter_of_a_batch_is_unused_since_the_day_it_was_posted(work, clock, days, chosen):
    named = Choice(numbers=(RENE.number,), no_address_needed=True)
    batch = make(work, named).batch
    posting.posted(work, batch.id, on=None, operator="c.martin")
    work.settle()
    clock.advance(days=days)
    assert [each for each in numbers(work, UNUSED) if each == RENE.number] == chosen


@pytest.mark.parametrize(("days", "chosen"), [(89, []), (90, [RENE.number, LUCE.number])])
def test_an_expired_letter_is_written_again(work, clock, days, chosen):
    clock.advance(days=days)
    assert numbers(work, Choice(expired=True, no_address_needed=True)) == chosen


def test_who_is_registering_goes_on_with_the_former_letter(work, clock):
    clock.advance(days=89)
    in_waiting(work, RENE)
    clock.advance(hours=23)
    assert numbers(work, UNUSED) == [LUCE.number]
    clock.advance(days=1)
    assert numbers(work, UNUSED) == [RENE.number, LUCE.number]


def test_kinds_of_members_add_up(work, clock):
    clock.advance(days=120)
    both = Choice(new=True, expired=True, no_address_needed=True)
    assert numbers(work, both) == [RENE.number, LUCE.number]


def test_named_members_come_in_their_order_each_once_and_with_a_space_too(work):
    named = Choice(numbers=(LUCE.number, ODILE.number, LUCE.number), no_address_needed=True)
    assert numbers(work, named) == [LUCE.number, ODILE.number]


def test_a_number_of_nobody_s_stops_it(work):
    with pytest.raises(NotOnTheRoll):
        make(work, Choice(numbers=(ODILE.number, "0099999")))
    work.undo()


def test_a_number_is_exact_but_for_spaces_and_case(work):
    asked = [ODILE.number, "00 12345", "12345", "qaessai01", "0099999"]
    assert not_exact(work, asked) == ["12345", "0099999"]


def test_the_limit_counts_letters_and_nobody_past_the_last_is_counted_as_skipped(work, clock):
    clock.advance(days=90)
    choice = Choice(expired=True, limit=1)
    with pytest.raises(Nobody) as nobody:  # neither has an address
        make(work, choice)
    assert nobody.value.skipped == {"sans_adresse": 2}
    work.undo()
    made = make(work, Choice(expired=True, limit=1, no_address_needed=True))
    assert (made.batch.letters, made.batch.skipped) == (1, {})


def test_who_does_not_fit_takes_no_place_of_the_limit(work, clock):
    clock.advance(days=90)
    choice = Choice(expired=True, limit=1, no_address_needed=True)
    made = make(work, choice, unfit=lambda whom: {0: "trop long"})
    assert [each.number for each in made.left_out] == [RENE.number]
    (sheet,) = batches.sheets(work, made.batch)
    assert sheet.to.number == LUCE.number


def test_who_opened_a_space_while_the_batch_waited_for_its_turn_gets_no_letter(work, clock):
    """A newer letter would take the space over."""
    clock.advance(days=30)
    engine = work.db.engine
    opening = Work(engine, work.world)
    opening.db.execute(
        select(RollEntry.id).where(RollEntry.number == RENE.number).with_for_update(key_share=True)
    )
    opening.db.execute(
        insert(Account).from_select(
            ["roll_id", "email", "email_key", "password_hash", "code_mac", "created_at"],
            select(
                RollEntry.id, literal(RENE.email), literal(RENE.email), literal("x"),
                RollEntry.code_mac, RollEntry.code_issued_at,
            ).where(RollEntry.number == RENE.number),
        )
    )  # fmt: skip
    work.settle()

    def batch() -> list[str]:
        with Work(engine, work.world) as own:
            return [each.to.number for each in batches.sheets(own, make(own, UNUSED).batch)]

    with ThreadPoolExecutor(1) as other:
        made = other.submit(batch)
        wait_until_it_waits(engine)
        opening.close(commit=True)
        assert made.result() == [LUCE.number]


def wait_until_it_waits(engine):
    """PostgreSQL tells who waits; SQLite's writers wait for one another from the beginning."""
    while engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if connection.scalar(waiting):
                return
