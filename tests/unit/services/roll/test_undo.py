"""An import undone: the roll is what it was before, or nothing is undone and a reason is told."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, insert, inspect, select, update

from player.databases import empty
from tests.roll_desk import ANYTHING, CODE, ONE, OTHER_CODE, Desk
from webapp.models import (
    Account,
    JournalEntry,
    Registration,
    RollEntry,
    RollFormer,
    RollImport,
    TermsAcceptance,
)
from webapp.rules import lifetimes
from webapp.services.letters import reissue
from webapp.services.roll import conflicts, undo
from webapp.services.roll.entries import USED_UP, code_mac
from webapp.services.roll.undo import Undoing, UndoRefused

HEADER = "numero_adherent|code_acces|nom|prenom|date_naissance|statut|adresse_1"


def last_import(desk: Desk) -> int:
    with desk.engine.connect() as connection:
        return connection.execute(select(func.max(RollImport.id))).scalar_one()


def undone(desk: Desk, import_id: int | None = None, *, reason: str = "") -> Undoing:
    which = last_import(desk) if import_id is None else import_id
    with desk.work() as work:
        return undo.undo(work, which, operator="a.petit", reason=reason)


def refused(desk: Desk, import_id: int | None = None) -> UndoRefused:
    """Why nothing was undone; looking beforehand says the same, and nothing changes."""
    which = last_import(desk) if import_id is None else import_id
    before = desk.roll()
    with pytest.raises(UndoRefused) as asked, desk.work() as work:
        undo.plan(work, which)
    with pytest.raises(UndoRefused) as refusal, desk.work() as work:
        undo.undo(work, which, operator="a.petit")
    assert (asked.value.key, asked.value.conflicts) == (refusal.value.key, refusal.value.conflicts)
    assert desk.roll() == before
    return refusal.value


def write(desk: Desk, *statements: Any) -> None:
    with desk.engine.begin() as connection:
        for each in statements:
            connection.execute(each)


def of_number(number: str) -> Any:
    return select(RollEntry.id).where(RollEntry.number == number).scalar_subquery()


def begun(desk: Desk, number: str, *, code: str = CODE, **more: object) -> Any:
    """A registration with this letter."""
    values = {
        "id": f"of {number}", "link_id": f"link of {number}", "roll_id": of_number(number),
        "code_mac": code_mac(desk.work(), number, code), "state": "draft",
        "email": "a@example.org", "email_key": "a@example.org", "password_hash": "x",
        "codes": "", "terms_version": "", "terms_hash": "", "terms_origin": "",
        "created_at": desk.clock.now(), "expires_at": desk.clock.now() + timedelta(days=1),
    }  # fmt: skip
    return insert(Registration).values(values | more)


# What is put back


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
    before = desk.roll()
    desk.clock.advance(minutes=1)
    desk.load(second, printer=not printer, wish=ANYTHING)
    desk.clock.advance(minutes=1)
    undone(desk)
    assert desk.roll() == before
    undone(desk, last_import(desk) - 1)
    assert desk.roll() == []


# What is refused


def test_an_import_that_nobody_made(desk: Desk) -> None:
    desk.load(ONE)
    assert refused(desk, last_import(desk) + 1).key == "unknown"


def test_an_import_is_undone_once(desk: Desk) -> None:
    desk.load(ONE)
    undone(desk)
    assert refused(desk).key == "undone"


def test_an_import_is_undone_for_thirty_days(desk: Desk) -> None:
    desk.load(ONE)
    desk.clock.advance(seconds=lifetimes.ROLL_UNDO.total_seconds() - 1)
    with desk.work() as work:
        undo.plan(work, last_import(desk))
    desk.clock.advance(seconds=1)
    assert refused(desk).key == "too_old"


def test_a_registration_begun_with_a_letter_of_the_import(desk: Desk) -> None:
    desk.load(f"numero_adherent|code_acces\n001|{CODE}\n002|{OTHER_CODE}")
    write(desk, begun(desk, "001"))
    [conflict] = refused(desk).conflicts
    assert (conflict.key, conflict.count, conflict.numbers) == ("registration", 1, ("001",))


@pytest.mark.parametrize("over", ["too late", "with another letter"])
def test_a_registration_that_is_over_stops_nothing(desk: Desk, over: str) -> None:
    desk.load(ONE)
    late = {"expires_at": desk.clock.now()} if over == "too late" else {}
    code = OTHER_CODE if over == "with another letter" else CODE
    write(desk, begun(desk, "001", code=code, **late))
    assert undone(desk).removed == 1
    assert desk.count(Registration) == 0


@pytest.mark.parametrize("deed", ["opened", "erased, its proof kept", "erased"])
def test_a_space_opened_with_a_letter_of_the_import(desk: Desk, deed: str) -> None:
    desk.load("numero_adherent\n001", printer=False)
    if deed == "erased":
        desk.load(f"numero_adherent|code_acces\n001|{CODE}")  # changes the code, adds nobody
    if deed == "opened":
        desk.open_account()
    elif deed == "erased":
        write(desk, update(RollEntry).values(code_issued_at=USED_UP))
    else:
        proof = {"version": "1", "text_hash": "x", "accepted_at": desk.clock.now(), "origin": ""}
        write(desk, insert(TermsAcceptance).values(**proof, roll_id=of_number("001")))
    [conflict] = refused(desk).conflicts
    assert (conflict.key, conflict.numbers) == ("space", ("001",))


def test_facts_alone_are_put_back_whatever_the_member_did_since(desk: Desk) -> None:
    desk.load(ONE)
    desk.load("numero_adherent|nom\n001|Durand")
    desk.open_account()
    write(desk, begun(desk, "001"))
    undone(desk)
    assert desk.roll()[0]["last_name"] == "Lefèvre"
    assert desk.count(Account) == 1


def test_a_later_import_of_the_same_members_is_undone_first(desk: Desk) -> None:
    desk.load("numero_adherent|nom\n1|Lefèvre\n2|Petit")
    first = last_import(desk)
    desk.load("numero_adherent|nom\n1|Durand\n2|Petit")
    second = last_import(desk)
    desk.load("numero_adherent|nom\n1|Martin")
    third = last_import(desk)
    [conflict] = refused(desk, first).conflicts
    assert (conflict.key, conflict.numbers) == ("later", ("1",))
    assert conflict.imports == (third, second)
    assert refused(desk, second).conflicts[0].imports == (third,)
    for each in (third, second, first):
        undone(desk, each)
    assert desk.roll() == []


def test_a_later_import_of_other_members_stops_nothing(desk: Desk) -> None:
    desk.load("numero_adherent|nom\n1|Lefèvre")
    first = last_import(desk)
    desk.load("numero_adherent|nom\n2|Petit")
    desk.load("numero_adherent|nom\n2|Grand\n1|Lefèvre")
    undone(desk, first)
    assert [row["last_name"] for row in desk.roll()] == ["Grand"]


@pytest.mark.parametrize("of", ["a new member", "a new code"])
def test_a_letter_reissued_since_in_the_place_of_the_import_s(desk: Desk, of: str) -> None:
    desk.load("numero_adherent|nom\n001|Lefèvre", printer=False)
    if of == "a new code":
        desk.load(f"numero_adherent|code_acces\n001|{CODE}")
    with desk.work() as work:
        reissue.reissue(work, ["001"], deliver=desk.letters.append)
    [conflict] = refused(desk).conflicts
    assert (conflict.key, conflict.numbers) == ("reissued", ("001",))


def test_a_letter_reissued_since_stays_when_facts_are_put_back(desk: Desk) -> None:
    desk.load(ONE)
    desk.clock.advance(days=1)
    desk.load("numero_adherent|nom\n001|Durand")
    desk.clock.advance(days=1)
    with desk.work() as work:
        reissue.reissue(work, ["001"], deliver=desk.letters.append)
    undone(desk)
    [entry] = desk.roll()
    assert entry["last_name"] == "Lefèvre"
    assert entry["code_mac"] == code_mac(desk.work(), "001", desk.letters[-1].access_code)
    assert entry["updated_at"] == desk.clock.now()


def test_every_table_that_leads_to_the_roll_was_thought_of(desk: Desk) -> None:
    """A new one: say in services/roll/conflicts.py what undoing an import does about it."""
    tables = inspect(desk.engine)
    leading = {
        name
        for name in tables.get_table_names()
        if any(key["referred_table"] == "roll" for key in tables.get_foreign_keys(name))
    }
    assert leading == {*conflicts.HANGING}
