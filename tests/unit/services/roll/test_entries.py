"""The roll at the door: one verdict for number and code, five wrong codes an hour."""

from datetime import timedelta

import pytest

from player.members import ODILE, RENE, on_the_roll, with_account
from tests.journeys import count, in_waiting, journalled, mailed_link, refused, settled
from tests.threads import at_once, refusals
from webapp.models import JournalEntry
from webapp.services.registration import confirmation
from webapp.services.roll import entries

WRONG = "W" * 12
UNKNOWN = "9999999"


@pytest.fixture(autouse=True)
def entry_id(work):
    roll_id = on_the_roll(work)
    work.settle()
    return roll_id


def prove(work, number=ODILE.number, code=ODILE.access_code):
    return settled(work, entries.entry_of_letter, number, code)


def test_number_and_code_of_one_letter_say_whose_it_is(work, entry_id):
    entry = prove(work)
    assert (entry.id, entry.number, entry.first_name) == (entry_id, ODILE.number, "Odile")
    assert entry.account_id is None


def test_the_letter_of_a_member_who_has_a_space_says_so(work):
    account_id = with_account(work, RENE)
    assert prove(work, RENE.number, RENE.access_code).account_id == account_id


@pytest.mark.parametrize(
    ("number", "code"),
    [(ODILE.number, WRONG), (UNKNOWN, ODILE.access_code), (RENE.number, ODILE.access_code)],
)
def test_every_wrong_pair_gets_one_verdict(work, number, code):
    on_the_roll(work, RENE)
    with refused("letter_wrong") as refusal:
        prove(work, number, code)
    assert (refusal.value.field, refusal.value.wait) == (None, None)
    assert journalled(work, "registration.letter_refused") == [{}]


@pytest.mark.parametrize("number", [ODILE.number, UNKNOWN])
def test_five_wrong_codes_an_hour_close_a_number_known_or_not(work, clock, number):
    for _ in range(5):
        with refused("letter_wrong"):
            prove(work, number, WRONG)
    with refused("letter_closed") as refusal:
        prove(work, number)
    assert refusal.value.wait == timedelta(hours=1)
    clock.advance(hours=1)
    if number == ODILE.number:
        assert prove(work)


def test_a_stranger_at_one_number_does_not_close_another(work):
    on_the_roll(work, RENE)
    for _ in range(5):
        with refused("letter_wrong"):
            prove(work, ODILE.number, WRONG)
    assert prove(work, RENE.number, RENE.access_code)


def test_the_right_code_gives_its_try_back(work):
    for _ in range(4):
        with refused("letter_wrong"):
            prove(work, code=WRONG)
    for _ in range(6):
        assert prove(work)


def test_twenty_wrong_codes_at_once_are_compared_five_times(work):
    answers = at_once(work, 20, lambda own, _: entries.entry_of_letter(own, ODILE.number, WRONG))
    assert refusals(answers) == ["letter_closed"] * 15 + ["letter_wrong"] * 5
    assert count(work, JournalEntry) == 5


def test_a_letter_is_good_for_ninety_days(work, clock):
    clock.advance(days=89, hours=23, minutes=59)
    assert prove(work)
    clock.advance(minutes=1)
    with refused("letter_expired"):
        prove(work)


def test_a_new_letter_kills_the_code_of_the_former_one(work):
    assert entries.code_mac(work, ODILE.number, WRONG) != entries.code_mac(
        work, ODILE.number, ODILE.access_code
    )
    assert entries.code_mac(work, "1", "23") != entries.code_mac(work, "12", "3")


def test_the_letter_is_used_up_by_confirming_only(work):
    in_waiting(work)
    assert prove(work).account_id is None
    confirmation.by_link(work, mailed_link(work))
    assert prove(work).account_id is not None


def test_a_proof_already_given_asks_for_no_code(work, entry_id):
    assert prove(work, code=None).id == entry_id
    with refused("registration_over"):
        prove(work, UNKNOWN, None)


def test_a_hundred_wrong_letters_an_hour_close_their_origin_to_all_but_a_right_one(work):
    for each in range(100):
        with refused("letter_wrong"):
            prove(work, str(each), WRONG)
    with refused("origin_closed"):
        prove(work, "101", WRONG)
    assert prove(work).account_id is None
