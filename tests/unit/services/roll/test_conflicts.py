"""What stands against undoing an import: it is told, and nothing is undone."""

import pytest
from sqlalchemy import insert, inspect, update

from tests.roll_desk import CODE, MAKER, ONE, OTHER_CODE, Desk, code_of
from tests.undoing import begun, last_import, of_number, refused, undone, write
from webapp.models import (
    Account,
    Registration,
    RollEntry,
    TermsAcceptance,
)
from webapp.rules import lifetimes
from webapp.services.letters import batches, posting, reissue
from webapp.services.roll import conflicts, undo
from webapp.services.roll.entries import USED_UP, code_mac


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
    desk.load("numero_adherent|nom\n001|Lefèvre")
    if of == "a new code":
        desk.load(f"numero_adherent|code_acces\n001|{CODE}")
    with desk.work() as work:
        reissue.reissue(work, ["001"], maker=MAKER)
    [conflict] = refused(desk).conflicts
    assert (conflict.key, conflict.numbers) == ("reissued", ("001",))


def test_a_letter_reissued_since_stays_when_facts_are_put_back(desk: Desk) -> None:
    desk.load(ONE)
    desk.clock.advance(days=1)
    desk.load("numero_adherent|nom\n001|Durand")
    desk.clock.advance(days=1)
    with desk.work() as work:
        newer = reissue.reissue(work, ["001"], maker=MAKER)
        [sheet] = batches.sheets(work, newer)
    undone(desk)
    [entry] = desk.roll()
    assert entry["last_name"] == "Lefèvre"
    assert entry["code_mac"] == code_mac(desk.work(), "001", code_of(sheet))
    assert entry["updated_at"] == desk.clock.now()


def posted(desk: Desk) -> None:
    with desk.work() as work:
        posting.posted(work, desk.letters[-1].batch, on=None, operator="c.martin")


@pytest.mark.parametrize("of", ["a new member", "one who came back"])
def test_a_letter_of_the_import_that_was_posted_is_with_its_member(desk: Desk, of: str) -> None:
    if of == "one who came back":
        desk.load("numero_adherent|statut\n001|parti")
    desk.load("numero_adherent|statut\n001|actif")
    posted(desk)
    [conflict] = refused(desk).conflicts
    assert (conflict.key, conflict.numbers) == ("posted", ("001",))
    with desk.work() as work:
        posting.returned(work, ["001"], operator="c.martin")
    undone(desk)


def test_a_letter_that_was_posted_before_stops_nothing(desk: Desk) -> None:
    desk.load("numero_adherent|nom\n001|Lefèvre")
    posted(desk)
    desk.load("numero_adherent|nom\n001|Durand")
    assert undone(desk).batches == ()


def test_every_table_that_leads_to_the_roll_was_thought_of(desk: Desk) -> None:
    """A new one: say in services/roll/conflicts.py what undoing an import does about it."""
    tables = inspect(desk.engine)
    leading = {
        name
        for name in tables.get_table_names()
        if any(key["referred_table"] == "roll" for key in tables.get_foreign_keys(name))
    }
    assert leading == {*conflicts.HANGING}
