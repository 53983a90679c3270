"""What becomes of letters: posted, or back; and what that does to newer ones."""

import pytest
from sqlalchemy import delete, select

from player.members import RENE, on_the_roll
from player.world import test_settings
from tests.journeys import in_waiting
from tests.roll_desk import Desk
from webapp.adapters.world import real_world
from webapp.models import Letter, Registration, RollEntry
from webapp.rules.refusals import Refusal
from webapp.services.letters import batches, posting, states
from webapp.services.letters.batches import BatchRefused, Maker
from webapp.services.letters.choosing import Choice, room_for_all
from webapp.services.roll.entries import entry_of_letter

MAKER = Maker("c.martin", "recipe", "https://adherents.example.org")
ROLL = "numero_adherent|nom|adresse_1|adresse_2\n001|Lefèvre|{}|01000 EXEMPLE\n002|B|X|01000 Y"
THERE, ELSEWHERE = "1 RUE HAUTE", "2 RUE BASSE"


@pytest.fixture
def desk(engine, world, clock):
    desk = Desk(engine, world, clock)
    move(desk, THERE)
    return desk


def move(desk, street):
    desk.load(ROLL.format(street), printer=False)


def write_to(desk, *numbers):
    """A batch for these, and the codes in it."""
    with desk.work() as work:
        made = batches.make(work, Choice(numbers=numbers), maker=MAKER, unfit=room_for_all)
        return made.batch, [each.access_code for each in batches.sheets(work, made.batch)]


def post(desk, batch):
    with desk.work() as work:
        return posting.posted(work, batch.id, on=None, operator="c.martin")


def back(desk, *numbers):
    with desk.work() as work:
        return posting.returned(work, numbers, operator="c.martin")


def opens(desk, code, number="001"):
    with desk.work() as work:
        try:
            return entry_of_letter(work, number, code.replace("-", "")).number == number
        except Refusal:
            return False


def test_a_letter_comes_back_while_the_next_one_goes_elsewhere(desk):
    first, _ = write_to(desk, "001")
    post(desk, first)
    move(desk, ELSEWHERE)
    second, (code,) = write_to(desk, "001")
    (came,) = back(desk, "001")
    assert (came.used, came.moved) == (False, True)
    assert opens(desk, code)
    with desk.work() as work:
        assert states.counts(work, first.id)["returned"] == 1
        assert states.counts(work, second.id)["made"] == 1


def test_a_letter_comes_back_while_the_next_one_is_to_go_to_the_same_address(desk):
    first, _ = write_to(desk, "001")
    post(desk, first)
    second, (code,) = write_to(desk, "001")
    (came,) = back(desk, "001")
    assert not came.moved and not opens(desk, code)
    with desk.work() as work:
        assert states.counts(work, second.id)["returned"] == 1


def test_a_letter_of_the_mutual_s_own_comes_back(desk, work):
    on_the_roll(work, RENE)
    work.settle()
    (came,) = back(desk, RENE.number)
    assert (came.used, came.moved) == (False, False)
    assert not opens(desk, RENE.access_code, RENE.number)


def test_what_was_begun_with_a_returned_letter_ends(desk, work):
    on_the_roll(work, RENE)
    work.settle()
    in_waiting(work, RENE)
    back(desk, RENE.number)
    assert work.db.scalars(select(Registration.id)).all() == []


def test_returned_twice_is_once(desk):
    write_to(desk, "001", "002")
    back(desk, "001", "001")
    back(desk, "001")
    with desk.work() as work:
        assert states.counts(work)["returned"] == 1


def test_posting_prolongs_no_code_that_another_letter_replaced(desk, clock):
    first, (old,) = write_to(desk, "001")
    _, (new,) = write_to(desk, "001")
    clock.advance(days=60)
    post(desk, first)
    clock.advance(days=46)  # 106 since both were made: past the printed day, before 60 + 90
    assert not opens(desk, old) and not opens(desk, new)


def test_a_batch_posted_meanwhile_is_printed_no_more(desk):
    """By another operator, between two files."""
    batch, _ = write_to(desk, "001", "002")
    with desk.work() as work:
        before = batches.find(work, batch.id)
    post(desk, batch)
    with desk.work() as work, pytest.raises(BatchRefused, match="posted"):
        list(batches.sheets(work, before))


def test_codes_sealed_with_another_key_are_told_apart_from_lost_ones(desk):
    batch, _ = write_to(desk, "001")
    other = real_world(test_settings(secret_key="another secret key, as long as it takes"))
    work = Desk(desk.engine, other, desk.clock).work()
    with work, pytest.raises(BatchRefused, match="sealed"):
        list(batches.sheets(work, batch))


def test_a_member_taken_off_the_roll_is_missing_from_the_batch_alone(desk):
    batch, codes = write_to(desk, "001", "002")
    with desk.engine.begin() as connection:
        connection.execute(delete(RollEntry).where(RollEntry.number == "001"))
        assert len(connection.scalars(select(Letter.id)).all()) == 1
    with desk.work() as work:
        (left,) = batches.sheets(work, batch)
    assert (left.sequence, left.letters, left.access_code) == (2, 2, codes[1])


def test_who_was_never_written_to_has_nothing_back_and_still_gets_a_letter(desk):
    write_to(desk, "001")
    (came,) = back(desk, "002")
    assert came.unwritten
    batch, _ = write_to(desk, "002")
    assert batch.letters == 1
