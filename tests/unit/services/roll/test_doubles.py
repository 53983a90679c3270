"""Several rows that name one member: harmless when they say the same, else neither is taken."""

import pytest
from sqlalchemy import Engine

from tests.roll_desk import CODE, OTHER_CODE, THIRD_CODE, Desk
from webapp.rules.roll_guards import GUARDS
from webapp.services.roll.reading import CHUNK
from webapp.services.roll.report import RollRefused, RollReport, Wish

HEAD = "numero_adherent|code_acces|civilite|nom|prenom|contrat\n"
ODILE = f"000001|{CODE}|Mme|Martin|Odile|A"
PAUL = f"000001|{OTHER_CODE}|M.|Durand|Paul|A"
OTHERS = "\n".join(f"9{at:05d}||M.|Autre|Jean|A" for at in range(CHUNK + 3))


def refused(desk: Desk, table: str, *, keep_good: bool = False) -> RollReport:
    with pytest.raises(RollRefused, match="bad_rows") as raised:
        desk.load(table, keep_good=keep_good)
    return raised.value.report


@pytest.mark.parametrize("again", ["000001", "\u00a0000001"])
@pytest.mark.parametrize("between", ["", f"{OTHERS}\n"], ids=["near", "far"])
def test_a_row_that_says_the_same_again_is_harmless(desk: Desk, again: str, between: str) -> None:
    lines = f"{HEAD}{ODILE}\n{between}{ODILE.replace('000001|', f'{again}|', 1)}"
    report = desk.load(lines)
    assert (report.added, report.twice) == (1 + between.count("\n"), 1)
    assert desk.roll()[0]["last_name"] == "Martin"
    assert len(desk.letters) == report.letters == between.count("\n")
    assert desk.load(lines) == RollReport(unchanged=report.added, twice=1)


@pytest.mark.parametrize("between", ["", f"{OTHERS}\n"], ids=["near", "far"])
@pytest.mark.parametrize("known", [False, True], ids=["new", "known"])
def test_rows_that_contradict_one_another_are_told_with_both_names(
    desk: Desk, between: str, known: bool
) -> None:
    if known:
        desk.load(HEAD + ODILE)
    before = desk.roll()
    report = refused(desk, f"{HEAD}{ODILE}\n{between}{PAUL}")
    last = 3 + between.count("\n")
    assert [(fault.line, fault.reason) for fault in report.faults] == [
        (2, _reason(last, "M.\u00a0Paul Durand", "Mme\u00a0Odile Martin")),
        (last, _reason(2, "Mme\u00a0Odile Martin", "M.\u00a0Paul Durand")),
    ]
    assert desk.roll() == before


def _reason(line: int, there: str, here: str) -> str:
    return (
        f"numero_adherent « 000001 » donné aussi à la ligne {line}, à « {there} », et ici à "
        f"« {here} » : gardez une des deux"
    )


def test_neither_of_them_is_taken_when_good_rows_are_kept(desk: Desk) -> None:
    report = desk.load(f"{HEAD}{ODILE}\n{OTHERS}\n{PAUL}\n{PAUL}", keep_good=True)
    assert (report.added, report.bad, report.twice) == (CHUNK + 3, 3, 0)
    assert {entry["last_name"] for entry in desk.roll()} == {"Autre"}
    assert len(desk.letters) == report.letters == CHUNK + 3


def test_a_member_who_was_known_stays_as_they_were(desk: Desk) -> None:
    desk.load(HEAD + ODILE)
    before = desk.roll()[0]
    desk.load(f"{HEAD}{PAUL}\n000002||M.|Autre|Jean|A\n{ODILE}", keep_good=True)
    assert desk.roll()[0] == before


@pytest.mark.parametrize("first", ["good", "bad"])
def test_a_row_beside_a_bad_one_of_the_same_member_is_not_taken(desk: Desk, first: str) -> None:
    bad = "000001|court|Mme|Martin|Odile|A"
    rows = [bad, ODILE] if first == "bad" else [ODILE, bad]
    table = HEAD + "\n".join([*rows, "000002||M.|Autre|Jean|A"])
    assert [fault.line for fault in refused(desk, table).faults] == [2, 3]
    assert desk.load(table, keep_good=True).bad == 2
    assert [entry["number"] for entry in desk.roll()] == ["000002"]


def test_what_differs_is_named_where_the_names_are_the_same(desk: Desk) -> None:
    report = refused(desk, f"{HEAD}{ODILE}\n000001|{THIRD_CODE}|Mme|Martin|Odile|B")
    assert "avec autre chose dans contrat, code_acces" in report.faults[0].reason
    assert THIRD_CODE not in report.faults[0].reason


def test_a_number_written_otherwise_is_told_too(desk: Desk) -> None:
    report = refused(desk, f"{HEAD}{ODILE}\n{ODILE.replace('000001', '000 001', 1)}")
    assert [fault.line for fault in report.faults] == [2, 3]
    assert "à la ligne 3, écrit « 000 001 »" in report.faults[0].reason


def test_an_accepted_code_never_opens_two_spaces_whose_numbers_look_alike(desk: Desk) -> None:
    table = f"{HEAD}123450|{CODE}|Mme|Martin|Odile|A\n{OTHERS}\n12345.0|{CODE}|M.|Durand|Paul|A"
    accepted = Wish(keep_good=True, accepted=frozenset(GUARDS))
    assert desk.load(table, wish=accepted).bad == 1
    assert "Durand" not in {entry["last_name"] for entry in desk.roll()}


def test_the_same_file_twice_over_adds_each_member_once(desk: Desk, engine: Engine) -> None:
    report = desk.load(f"{HEAD}{OTHERS}\n{OTHERS}")
    assert (report.added, report.twice, len(desk.letters)) == (CHUNK + 3, CHUNK + 3, CHUNK + 3)
