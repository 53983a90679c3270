"""An import undone: the roll is what it was before, or nothing is undone and a reason is told."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select

from player.databases import empty
from tests.roll_desk import ANYTHING, CODE, ONE, OTHER_CODE, Desk, code_of
from tests.undoing import last_import, of_number, undone, write
from webapp.models import (
    JournalEntry,
    Letter,
    RollFormer,
    RollImport,
)
from webapp.services.roll.entries import code_mac
from webapp.services.roll.report import NEVER

HEADER = "numero_adherent|code_acces|nom|prenom|date_naissance|statut|adresse_1"


def test_what_changed_says_again_what_it_said(desk: Desk) -> None:
    desk.load(f"{HEADER}\n001|{CODE}|Lefèvre|Élodie|1980-01-01|actif|1 rue Haute")
    before = desk.roll()
    desk.clock.advance(days=1)
    desk.load(f"{HEADER}\n001|{OTHER_CODE}|L?f?vre|?lodie||parti|", wish=ANYTHING)
    assert desk.roll() != before
    desk.clock.advance(hours=1)
    assert (undone(desk).restored, desk.count(RollFormer)) == (1, 0)
    assert desk.roll() == before


def test_what_was_added_leaves_and_the_rest_stays(desk: Desk) -> None:
    desk.load(ONE)
    before = desk.roll()
    desk.load("numero_adherent\n001\n1\n2", printer=True, wish=ANYTHING)
    done = undone(desk)
    assert (done.removed, done.restored) == (2, 0)
    assert desk.roll() == before


def test_more_entries_than_one_statement_takes_are_all_put_back(desk: Desk) -> None:
    many = range(2_003)
    desk.load("numero_adherent|nom\n" + "\n".join(f"{at}|Lefèvre-{at}" for at in many))
    before = desk.roll()
    desk.load("numero_adherent|nom\n" + "\n".join(f"{at}|Durand" for at in many))
    assert undone(desk).restored == len(many)
    assert desk.roll() == before


def test_the_same_file_imported_again_works_as_the_first_time(desk: Desk) -> None:
    desk.load(ONE)
    table = f"numero_adherent|code_acces|nom\n001|{OTHER_CODE}|Durand\n2||Martin"
    first = desk.load(table)
    after = [(row["number"], row["last_name"]) for row in desk.roll()]
    undone(desk)
    assert desk.load(table) == first
    assert [(row["number"], row["last_name"]) for row in desk.roll()] == after


def test_a_letter_of_the_import_opens_nothing_any_more_and_the_former_one_does(desk: Desk) -> None:
    desk.load(ONE)
    desk.load(f"numero_adherent|code_acces\n001|{OTHER_CODE}")
    undone(desk)
    assert desk.roll()[0]["code_mac"] == code_mac(desk.work(), "001", CODE)


def test_who_did_it_why_and_what_it_came_to_is_remembered(desk: Desk) -> None:
    desk.load("numero_adherent|nom\n1|Lefèvre")
    desk.load("numero_adherent|nom\n1|Durand\n2|Petit")
    which = last_import(desk)
    undone(desk, reason="mauvais fichier")
    with desk.engine.connect() as connection:
        [facts] = connection.scalars(
            select(JournalEntry.facts).where(JournalEntry.event == "roll.undone")
        )
        kept = connection.execute(select(RollImport).where(RollImport.id == which)).one()
    assert facts == {
        "import_id": which, "operator": "a.petit", "removed": 1, "restored": 1,
        "reason": "mauvais fichier",
    }  # fmt: skip
    assert (kept.undone_by, kept.undone_at) == ("a.petit", desk.clock.now())


def test_what_the_journal_says_of_an_entry_that_leaves_stays_without_it(desk: Desk) -> None:
    desk.load(ONE)
    about = {"at": desk.clock.now(), "event": "registration.drafted", "origin": "", "facts": {}}
    write(desk, insert(JournalEntry).values(**about, roll_id=of_number("001")))
    undone(desk)
    with desk.engine.connect() as connection:
        drafted = JournalEntry.event == "registration.drafted"
        assert connection.scalars(select(JournalEntry.roll_id).where(drafted)).all() == [None]


# Two imports, one after the other


def rows_of(numbers: st.SearchStrategy[list[int]]) -> st.SearchStrategy[str]:
    def table(numbers: list[int], data: list[tuple[Any, ...]]) -> str:
        lines = [
            f"{number}|{'|'.join(cells)}" for number, cells in zip(numbers, data, strict=False)
        ]
        return "\n".join([HEADER, *lines])

    cells = st.tuples(
        st.sampled_from(["", CODE, OTHER_CODE]),
        st.sampled_from(["Lefèvre", "Durand", '"code_mac": "x"', ""]),
        st.sampled_from(["Élodie", "Anne"]),
        st.sampled_from(["", "1980-01-01", "1981-02-03"]),
        st.sampled_from(["actif", "parti", "decede"]),
        st.sampled_from(["", "1 rue Haute"]),
    )
    return st.builds(table, numbers, st.lists(cells, min_size=6, max_size=6))


NUMBERS = st.lists(st.integers(1, 6), min_size=1, max_size=6, unique=True)


@given(first=rows_of(NUMBERS), second=rows_of(NUMBERS), printer=st.booleans())
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_after_two_imports_and_the_second_undone_the_roll_is_what_the_first_left(
    desk: Desk, first: str, second: str, printer: bool
) -> None:
    empty(desk.engine)
    desk.load(first, printer=printer, wish=ANYTHING)
    waiting = set() if printer else _who_waits(desk)
    before = _but_for_letters(desk, waiting)
    desk.clock.advance(minutes=1)
    desk.load(second, printer=not printer, wish=ANYTHING)
    desk.clock.advance(minutes=1)
    undone(desk)
    assert _but_for_letters(desk, waiting) == before
    undone(desk, last_import(desk) - 1)
    assert desk.roll() == []


def _who_waits(desk: Desk) -> set[str]:
    """Whose letter the next batch makes, whatever it is made with."""
    return {row["number"] for row in desk.roll() if row["code_issued_at"] == NEVER}


def _but_for_letters(desk: Desk, numbers: set[str]) -> list[dict[str, Any]]:
    """The roll, without what a letter of these members writes."""
    letters = dict.fromkeys(("code_mac", "code_issued_at", "updated_at"))
    return [dict(row) | (letters if row["number"] in numbers else {}) for row in desk.roll()]


def test_a_letter_made_with_the_import_for_who_waited_before_stays(desk: Desk) -> None:
    desk.load("numero_adherent|nom\n001|Lefèvre", printer=False)
    desk.load("numero_adherent|nom\n001|Durand\n002|Petit", wish=ANYTHING)
    first, second = desk.letters
    assert (first.to.number, second.to.number) == ("001", "002")
    done = undone(desk)
    assert done.batches == (first.batch,)
    [entry] = desk.roll()
    assert entry["last_name"] == "Lefèvre"
    assert entry["code_mac"] == code_mac(desk.work(), "001", code_of(first))
    with desk.engine.connect() as connection:
        assert list(connection.scalars(select(Letter.sequence))) == [1]
