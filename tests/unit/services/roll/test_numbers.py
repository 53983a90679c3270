"""Numbers that look alike: whose row a file's is, and whom a member who types one reaches."""

import random
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from tests.roll_desk import ANYTHING, CODE, OTHER_CODE, Desk
from webapp.models import Account, RollEntry
from webapp.rules.credentials import ACCESS_ALPHABET, identity, member_number
from webapp.rules.refusals import Refusal
from webapp.services.roll import numbers
from webapp.services.roll.entries import entry_of_letter
from webapp.services.roll.report import RollRefused, RollReport

HEADER = "numero_adherent|code_acces|nom"
MARKS = [" ", "\u00a0", "\u202f", "-", ".", "/", "_", "·", "0", "00", ".0", "O", "I", "l"]


def _names(desk: Desk) -> dict[str, str]:
    return {identity(entry["number"]): entry["last_name"] for entry in desk.roll()}


def _reached(desk: Desk, number: str, code: str) -> str | None:
    """The number of the member whose space this letter opens."""
    with desk.work() as work:
        try:
            return entry_of_letter(work, number, code).number
        except Refusal as refusal:
            assert refusal.key == "letter_wrong"
            return None


def test_a_file_with_a_decimal_part_leaves_the_member_of_that_number_alone(desk: Desk) -> None:
    desk.load(f"{HEADER}\n123450|{CODE}|Martin")
    desk.open_account()
    report = desk.load(f"{HEADER}\n12345.0|{OTHER_CODE}|Leroy", wish=ANYTHING)
    assert (report.added, report.changed) == (1, 0)
    assert _names(desk) == {"123450": "Martin", "12345.0": "Leroy"}
    with desk.engine.connect() as connection:
        owner = select(RollEntry.last_name).join(Account, Account.roll_id == RollEntry.id)
        assert connection.execute(owner).scalar_one() == "Martin"
    assert _reached(desk, "123450", CODE) == "123450"
    assert _reached(desk, "12345.0", OTHER_CODE) == "12345.0"
    assert _reached(desk, "123450", OTHER_CODE) is _reached(desk, "12345.0", CODE) is None


def test_in_one_file_too_they_are_two_members(desk: Desk) -> None:
    assert desk.load(f"{HEADER}\n123450|{CODE}|A\n12345.0|{OTHER_CODE}|B", wish=ANYTHING).added == 2
    assert _names(desk) == {"123450": "A", "12345.0": "B"}


def _pairs(chance: random.Random) -> Iterator[tuple[str, str]]:
    """A number, and one that differs by a few signs, or by none."""
    while True:
        signs = chance.choices("0123456789AbO", k=chance.randint(2, 8))
        first = "".join(signs)
        for _ in range(chance.randint(0, 2)):
            at = chance.randint(0, len(signs))
            signs[at : at + chance.randint(0, 1)] = chance.choice(MARKS)
        second = "".join(signs)
        second = chance.choice([second, second.swapcase(), second.lstrip("0"), f"n° {second}"])
        if all(member_number(each) for each in (first, second)) and chance.random() < 0.5:
            yield first, second
        elif all(member_number(each) for each in (first, second)):
            yield second, first


@pytest.mark.parametrize("seed", range(6))
def test_no_row_changes_an_entry_whose_number_is_written_otherwise(desk: Desk, seed: int) -> None:
    """Of 300 pairs of numbers, one file has the first, the next the second."""
    chance = random.Random(seed)
    pairs = [next(_pairs(chance)) for _ in range(300)]
    first = {identity(number): number for number, _ in pairs}
    second = {identity(number): number for _, number in pairs}
    code = {each: "".join(chance.choices(ACCESS_ALPHABET, k=12)) for each in {**first, **second}}
    for name, file in (("A", first), ("B", second)):
        rows = (f"{number}|{code[whose]}|{name} {whose}" for whose, number in file.items())
        desk.load("\n".join([HEADER, *rows]), wish=ANYTHING)
    assert _names(desk) == {each: f"A {each}" for each in first} | {
        each: f"B {each}" for each in second
    }
    numbers_now = {identity(entry["number"]): entry["number"] for entry in desk.roll()}
    for first_number, second_number in pairs:
        mine, theirs = identity(first_number), identity(second_number)
        assert _reached(desk, first_number, code[mine]) == numbers_now[mine]
        if mine != theirs:
            assert _reached(desk, first_number, code[theirs]) is None
            assert _reached(desk, second_number, code[mine]) is None


# What is typed


@pytest.mark.parametrize(
    "typed", ["300130", "00300130", "0300130", "000300130", "30-01.30", "3OOl3O", " 300 130 "]
)
def test_zeros_separators_and_look_alikes_are_forgiven_to_who_types(desk: Desk, typed: str) -> None:
    desk.load(f"{HEADER}\n00300130|{CODE}|A\n00300131|{OTHER_CODE}|B")
    assert _reached(desk, typed, CODE) == "00300130"


def test_nothing_is_forgiven_where_it_may_lead_to_two_members(desk: Desk) -> None:
    desk.load(f"{HEADER}\n00300130|{CODE}|A\n300130|{OTHER_CODE}|B", wish=ANYTHING)
    for code in (CODE, OTHER_CODE):
        assert _reached(desk, "0300130", code) is None
        assert _reached(desk, "300-130", code) is None
    assert _reached(desk, " 00 300 130", CODE) == "00300130"
    assert _reached(desk, "300 130", OTHER_CODE) == "300130"


@pytest.mark.parametrize("known", [True, False])
def test_one_number_spelt_in_many_ways_has_five_tries(desk: Desk, known: bool) -> None:
    if known:
        desk.load(f"{HEADER}\n00300130|{CODE}|A")
    answers = []
    for typed in ("300130", "0300130", "00300130", "3-00130", "n° 300130", "000300130"):
        with desk.work() as work, pytest.raises(Refusal) as refusal:
            entry_of_letter(work, typed, "W" * 12)
        answers.append(refusal.value.key)
    assert answers == ["letter_wrong"] * 5 + ["letter_closed"]


def test_tries_at_one_of_two_that_look_alike_do_not_close_the_other(desk: Desk) -> None:
    desk.load(f"{HEADER}\n123450|{CODE}|A\n12345.0|{OTHER_CODE}|B", wish=ANYTHING)
    for typed in ["12345.0", "0123450", "12345-0"] * 5:
        with desk.work() as work, pytest.raises(Refusal):
            entry_of_letter(work, typed, "W" * 12)
    assert _reached(desk, "123450", CODE) == "123450"


def test_a_number_of_zeros_alone_or_as_long_as_can_be_is_found_too(desk: Desk) -> None:
    desk.load("numero_adherent\n0\n7\n" + "9" * 32)
    whose = {entry["id"]: entry["number"] for entry in desk.roll()}
    with desk.work() as work:
        found = [numbers.id_of(work, typed) for typed in ("000", "0" * 32, "07", "9" * 32, "8")]
    assert [whose.get(each or 0) for each in found] == ["0", "0", "7", "9" * 32, None]


# Codes


def test_no_code_opens_both_of_two_that_look_alike(desk: Desk) -> None:
    """The file tells O from 0, whoever types need not: B's letter would open A's space."""
    desk.load(f"{HEADER}\n123450|OLIVIER000|A")
    for again in ("0LIVIER000", "OLIV-IEROOO", "olivier000"):
        with pytest.raises(RollRefused, match="bad_rows") as refused:
            desk.load(f"{HEADER}\n7|{CODE}|C\n12345.0|{again}|B", wish=ANYTHING)
        [fault] = refused.value.report.faults
        assert (fault.line, "« 123450 »" in fault.reason) == (3, True)
        assert again not in fault.reason
    assert (
        desk.load(f"{HEADER}\n123450|OLIVIER000|A\n12345.0|{OTHER_CODE}|B", wish=ANYTHING).added
        == 1
    )
    with pytest.raises(RollRefused, match="bad_rows"):
        desk.load(f"{HEADER}\n12345-0|{CODE}|A\n1-23450|{CODE}|B", wish=ANYTHING)


def test_a_code_given_again_with_another_o_is_the_same_letter(desk: Desk) -> None:
    desk.load(f"{HEADER}\n1|OLIVIER000|A")
    assert desk.load(f"{HEADER}\n1|0LIVIEROOO|A") == RollReport(unchanged=1)
