"""A letter that the desk asked for is in the next batch, once, and the desk sees no code."""

import json

import pytest
from sqlalchemy import insert, select

from player.members import LUCE, ODILE, RENE, becomes, on_the_roll, with_account
from tests.journeys import drafted, in_waiting, journalled, refused, settled
from tests.roll_desk import code_of
from webapp.models import RollEntry, RollFormer, RollImport
from webapp.models.desk import TwoPersonRequest, WantedLetter
from webapp.rules.statuses import DECEASED, LEFT, REFUSED
from webapp.services.desk import member
from webapp.services.desk.deeds import catalogue, letter, notes
from webapp.services.letters import batches, posting
from webapp.services.letters.batches import Maker, Nobody
from webapp.services.letters.choosing import Choice, room_for_all

MAKER = Maker("c.martin", "recipe", "https://adherents.example.org")
NEXT = Choice(no_address_needed=True)
WHY = "courrier égaré"
LETTER = catalogue.BY_ADDRESS["courrier"]


@pytest.fixture(autouse=True)
def rene(work, adviser):
    """René has a letter of the file's; Odile a space; Luce nothing to do with it."""
    with_account(work)
    roll_id = on_the_roll(work, RENE)
    on_the_roll(work, LUCE)
    work.settle()
    return roll_id


def id_of(work, number):
    return work.db.execute(select(RollEntry.id).where(RollEntry.number == number)).scalar_one()


def made(work, choice=NEXT):
    """The numbers of the batch that was made."""
    batch = batches.make(work, choice, maker=MAKER, unfit=room_for_all).batch
    told = [each.to.number for each in batches.sheets(work, batch)]
    work.settle()
    return told


def wanted(work):
    found = work.db.execute(select(WantedLetter.roll_id)).scalars().all()
    work.settle()
    return found


def test_it_is_in_the_next_batch_and_in_no_other(work, rene):
    settled(work, letter.want, rene, WHY)
    assert made(work) == [RENE.number]
    assert wanted(work) == []
    with pytest.raises(Nobody):
        made(work)
    work.undo()


def test_who_has_a_space_gets_it_too(work):
    settled(work, letter.want, id_of(work, ODILE.number), WHY)
    assert made(work) == [ODILE.number]


def test_the_former_code_is_good_until_the_batch_is_made(work, rene):
    settled(work, letter.want, rene, WHY)
    assert drafted(work, RENE)
    in_waiting(work, RENE)
    made(work)
    with refused("letter_replaced"):
        drafted(work, RENE)
    assert journalled(work, "letter.reissued") == [{"reason": WHY}]


def test_a_batch_of_numbers_alone_serves_it_and_one_of_others_leaves_it(work, rene):
    settled(work, letter.want, rene, WHY)
    assert made(work, Choice(numbers=(LUCE.number,), no_address_needed=True)) == [LUCE.number]
    assert wanted(work) == [rene]
    assert made(work, Choice(numbers=(RENE.number,), no_address_needed=True)) == [RENE.number]
    assert wanted(work) == []


def test_expired_letters_alone_leave_it_waiting(work, rene, clock):
    settled(work, letter.want, rene, WHY)
    with pytest.raises(Nobody):
        made(work, Choice(expired=True, no_address_needed=True))
    work.undo()
    assert wanted(work) == [rene]


def test_it_is_asked_once_and_taken_back_once(work, rene):
    settled(work, letter.want, rene, WHY)
    with refused("desk_letter_wanted"):
        settled(work, letter.want, rene, WHY)
    settled(work, letter.take_back, rene, "retrouvé")
    with refused("desk_letter_gone"):
        settled(work, letter.take_back, rene, "retrouvé")
    with pytest.raises(Nobody):
        made(work)
    work.undo()
    assert drafted(work, RENE)
    assert journalled(work, "desk.letter_wanted") == [{"reason": WHY}]
    assert journalled(work, "desk.letter_taken_back") == [{"reason": "retrouvé"}]


def test_once_the_batch_is_made_it_is_not_taken_back(work, rene):
    settled(work, letter.want, rene, WHY)
    made(work)
    with refused("desk_letter_gone"):
        settled(work, letter.take_back, rene, "retrouvé")


def test_a_letter_about_to_be_posted_is_enough(work, rene):
    settled(work, letter.want, rene, WHY)
    made(work)
    with refused("desk_letter_made"):
        settled(work, letter.want, rene, WHY)
    posting.posted(work, 1, on=None, operator="c.martin")
    settled(work, letter.want, rene, "perdu encore")


@pytest.mark.parametrize(
    ("status", "key"),
    [
        (LEFT, "desk_no_letter_left"),
        (DECEASED, "desk_no_letter_deceased"),
        (REFUSED, "desk_no_letter_refused"),
    ],
)
def test_who_gets_no_letter_is_refused_one(work, rene, status, key):
    becomes(work, status, RENE)
    with refused(key):
        settled(work, letter.want, rene, WHY)


def test_none_goes_to_an_address_that_the_last_one_came_back_from(work, rene):
    settled(work, letter.want, rene, WHY)
    settled(work, notes.came_back, rene, "revenu")
    assert wanted(work) == []
    with refused("desk_no_letter_returned"):
        settled(work, letter.want, rene, WHY)
    settled(work, notes.arrives_after_all, rene, "gardien absent")
    settled(work, letter.want, rene, WHY)


def moved(work, roll_id, former='{"address": "1 rue Ancienne"}'):
    """An import of today changed the entry."""
    which = work.db.execute(
        insert(RollImport)
        .values(
            at=work.now, operator="c.martin", file_name="a.csv", sha256="0" * 64, counts={},
            accepted=[], undone_by="",
        )
        .returning(RollImport.id)
    ).scalar_one()  # fmt: skip
    row = {"import_id": which, "roll_id": roll_id, "former": former}
    work.db.execute(insert(RollFormer).values(row))
    work.settle()


def test_to_an_address_newer_than_thirty_days_it_asks_a_second_operator(work, rene, clock):
    moved(work, rene)
    assert settled(work, catalogue.perform, LETTER, rene, WHY) is False
    assert wanted(work) == []
    asked = work.db.execute(select(TwoPersonRequest.deed)).scalars().all()
    assert asked == ["letter"]
    clock.advance(days=30)
    assert settled(work, catalogue.perform, LETTER, rene, WHY) is True


def test_another_change_of_the_file_asks_nobody(work, rene):
    moved(work, rene, json.dumps({"contract": "Santé", "last_name": 'A "address": B'}))
    assert settled(work, catalogue.perform, LETTER, rene, WHY) is True


def test_what_would_be_refused_anyway_asks_no_second_operator(work, rene):
    moved(work, rene)
    becomes(work, LEFT, RENE)
    with refused("desk_no_letter_left"):
        settled(work, catalogue.perform, LETTER, rene, WHY)


def test_the_member_s_page_knows_it(work, rene):
    settled(work, letter.want, rene, WHY)
    facts = member.look(work, rene)
    assert facts.letter_wanted_at == work.now
    keys = {each.key for each in catalogue.offered(facts)}
    assert "letter_back" in keys and "letter" not in keys
    assert facts.events[0].words.endswith(f": {WHY}")


def test_no_code_is_on_the_member_s_page(work, rene):
    settled(work, letter.want, rene, WHY)
    made(work)
    [code] = [code_of(each) for each in batches.sheets(work, batches.find(work, 1))]
    assert code.replace("-", "") not in str(member.look(work, rene)).replace("-", "")
