"""Batches of letters: whole, sealed until posted, printed again as they were."""

import pytest
from sqlalchemy import select

from tests.roll_desk import Desk
from tests.threads import at_once
from webapp.models import Letter, RollEntry
from webapp.services.letters import batches, posting, states
from webapp.services.letters.batches import BatchRefused, Maker, Nobody
from webapp.services.letters.choosing import Choice
from webapp.services.roll import entries

MAKER = Maker("c.martin", "recipe", "https://adherents.example.org")
ROLL = """numero_adherent|nom|prenom|adresse_1|adresse_2|statut
001|Lefèvre|Odile|MME ODILE LEFEVRE|01000 EXEMPLE|actif
002|Martin|René|M RENE MARTIN|01000 EXEMPLE|actif
003|Petit|Luc|M LUC PETIT|01000 EXEMPLE|parti
004|Sans|Lieu|||actif"""


@pytest.fixture
def desk(engine, world, clock):
    desk = Desk(engine, world, clock)
    desk.load(ROLL, printer=False)
    return desk


def made(desk, choice=Choice(), unfit=lambda whom: {}):  # noqa: B008 - nobody changes it
    with desk.work() as work:
        return batches.make(work, choice, maker=MAKER, unfit=unfit)


def _one(work):
    return batches.make(work, Choice(limit=1), maker=MAKER, unfit=lambda whom: {}).batch


def printed(desk, batch):
    with desk.work() as work:
        return list(batches.sheets(work, batches.find(work, batch.id)))


def test_a_batch_is_for_whom_no_letter_was_printed_and_counts_the_others(desk):
    batch = made(desk).batch
    assert (batch.letters, batch.skipped) == (2, {"parti": 1, "sans_adresse": 1})
    sheets = printed(desk, batch)
    assert [(each.sequence, each.to.number) for each in sheets] == [(1, "001"), (2, "002")]
    assert sheets[0].letters == 2
    for each in sheets:
        with desk.work() as work:
            found = entries.entry_of_letter(work, each.to.number, each.access_code.replace("-", ""))
        assert found.number == each.to.number
    with pytest.raises(BatchRefused, match="nobody"):
        made(desk)


def test_posting_destroys_the_sealed_codes(desk):
    batch = made(desk).batch
    with desk.work() as work:
        after = posting.posted(work, batch.id, on=None, operator="c.martin")
    assert after.posted_on == desk.clock.now().date()
    with desk.engine.connect() as connection:
        assert not any(connection.scalars(select(Letter.sealed)))
    with pytest.raises(BatchRefused, match="posted"):
        printed(desk, batch)


def test_the_code_lives_until_the_printed_day_is_over_or_ninety_days_from_posting(desk):
    batch = made(desk).batch
    (first, *_) = printed(desk, batch)
    assert (batch.good_until - desk.clock.now().date()).days == 105
    desk.clock.advance(days=30)
    with desk.work() as work:
        posting.posted(work, batch.id, on=None, operator="c.martin")
        assert states.counts(work)["posted"] == 2
    desk.clock.advance(days=89)
    with desk.work() as work:
        assert entries.entry_of_letter(work, "001", first.access_code.replace("-", ""))
    desk.clock.advance(days=2)
    with desk.work() as work:
        assert states.counts(work)["expired"] == 2


def test_a_returned_letter_opens_nothing_and_stops_the_next_until_the_address_changes(desk):
    made(desk)
    with desk.work() as work:
        posting.returned(work, ["001"], operator="c.martin")
    with pytest.raises(Nobody) as refusal:
        made(desk)
    assert refusal.value.skipped["npai"] == 1
    desk.load(ROLL.replace("MME ODILE LEFEVRE", "CHEZ SA FILLE"), printer=False)
    batch = made(desk).batch
    assert [each.to.number for each in printed(desk, batch)] == ["001"]


def test_two_operators_at_once_have_a_batch_each_and_nobody_in_both(desk):
    found = at_once(desk.work(), 2, lambda work, _: _one(work))
    numbers = [each.to.number for batch in found for each in printed(desk, batch)]
    assert sorted(numbers) == ["001", "002"]


def test_a_reissued_letter_is_void_once_another_is_made(desk):
    made(desk)
    again = made(desk, Choice(numbers=("001",))).batch
    with desk.work() as work:
        assert states.counts(work) | {"made": 0} == dict.fromkeys(states.STATES, 0) | {"void": 1}
        assert states.counts(work, again.id)["made"] == 1
    with desk.engine.connect() as connection:
        assert connection.scalar(select(RollEntry.returned_mac)) is None
