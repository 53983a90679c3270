"""The import of a file: new members, bad rows, all or nothing, one at a time."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import event, select

from tests.roll_desk import ANYTHING, CODE, ONE, SOURCE, Desk, code_of
from webapp.models import JournalEntry, RollEntry, RollImport
from webapp.models.engine import open_engine
from webapp.rules.roll_headers import plan
from webapp.services.roll import table as roll_table
from webapp.services.roll.entries import code_mac
from webapp.services.roll.import_file import import_roll as really_import
from webapp.services.roll.reading import CHUNK
from webapp.services.roll.report import FAULTS_KEPT, NEVER, RollRefused, RollReport

# New members


def test_a_new_member_is_added_with_all_that_the_file_says(desk: Desk) -> None:
    report = desk.load(
        "numero_adherent|code_acces|civilite|nom|prenom|date_naissance|contrat|date_adhesion\n"
        f"00 1|{CODE}|Mme|Lefèvre|Élodie|17/03/1984|Santé Confort|2012-02-01"
    )
    assert report == RollReport(added=1)
    [entry] = desk.roll()
    assert dict(entry) == {
        "id": entry["id"],
        "number": "00 1",
        "number_key": "001",
        "spelling": "",
        "civility": "Mme",
        "last_name": "Lefèvre",
        "first_name": "Élodie",
        "birth_date": date(1984, 3, 17),
        "contract": "Santé Confort",
        "joined_on": date(2012, 2, 1),
        "code_mac": code_mac(desk.work(), "001", CODE),
        "code_issued_at": desk.clock.now(),
        "replaced_mac": None,
        "returned_mac": None,
        "updated_at": desk.clock.now(),
        "status": "active",
        "address": "",
        "missing_since": None,
        "added_by": entry["added_by"],
    }


def test_a_code_in_the_file_is_stored_as_the_letter_s_keyed_hash_and_printed_nowhere(
    desk: Desk,
) -> None:
    desk.load(f"numero_adherent|code_acces\n1|{CODE[:4]}-{CODE[4:8].lower()}-{CODE[8:]}")
    assert desk.roll()[0]["code_mac"] == code_mac(desk.work(), "1", CODE)
    assert desk.letters == []


def test_a_new_member_without_a_code_gets_one_that_goes_to_the_printer_only(desk: Desk) -> None:
    report = desk.load("numero_adherent|civilite|nom|prenom\n001|M.|Le Goff|Yann")
    [letter] = desk.letters
    assert report.letters == 1
    assert (letter.to.number, letter.to.civility) == ("001", "M.")
    assert (letter.to.last_name, letter.to.first_name) == ("Le Goff", "Yann")
    assert desk.roll()[0]["code_mac"] == code_mac(desk.work(), "001", code_of(letter))
    assert letter.access_code not in repr(letter)


def test_without_a_printer_members_come_in_and_their_letters_wait(desk: Desk) -> None:
    report = desk.load("numero_adherent\n1\n2", printer=False)
    assert (report.added, report.letters) == (2, 2)
    assert all(entry["code_issued_at"] == NEVER for entry in desk.roll())
    assert desk.load("numero_adherent\n1\n2", printer=False).letters == 2


def test_letters_that_waited_are_made_with_those_of_the_next_import(desk: Desk) -> None:
    desk.load("numero_adherent|nom\n1|Martin", printer=False)
    assert desk.load("numero_adherent\n2", wish=ANYTHING).letters == 1
    first, second = desk.letters
    assert (first.to.last_name, second.to.number) == ("Martin", "2")
    assert desk.roll()[0]["code_mac"] == code_mac(desk.work(), "1", code_of(first))
    assert desk.load("numero_adherent\n1\n2").letters == 0


def test_known_members_need_no_printer(desk: Desk) -> None:
    desk.load(ONE)
    assert desk.load("numero_adherent|nom\n001|Martin", printer=False).changed == 1


# Bad rows


def test_a_bad_row_stops_the_whole_import(desk: Desk) -> None:
    with pytest.raises(RollRefused) as refused:
        desk.load(f"numero_adherent|code_acces\n1|{CODE}\n*|{CODE}")
    assert refused.value.key == "bad_rows"
    assert [fault.line for fault in refused.value.report.faults] == [3]
    assert desk.roll() == []
    assert desk.count(JournalEntry) == 0


def test_the_good_rows_are_kept_when_that_is_asked_for(desk: Desk) -> None:
    report = desk.load(f"numero_adherent|code_acces\n1|{CODE}\n*|{CODE}", keep_good=True)
    assert (report.added, report.bad) == (1, 1)
    assert len(desk.roll()) == 1


def test_a_file_of_bad_rows_only_is_refused_even_then(desk: Desk) -> None:
    with pytest.raises(RollRefused, match="bad_rows"):
        desk.load("numero_adherent\n*\n+", keep_good=True)


def test_every_bad_row_is_counted_and_the_first_are_told(desk: Desk) -> None:
    with pytest.raises(RollRefused) as refused:
        desk.load("numero_adherent\n" + "*\n" * (FAULTS_KEPT + 7))
    report = refused.value.report
    assert (report.bad, len(report.faults)) == (FAULTS_KEPT + 7, FAULTS_KEPT)


def test_a_file_without_any_member_is_refused(desk: Desk) -> None:
    with pytest.raises(RollRefused, match="no_member"):
        desk.load("numero_adherent")


# All or nothing, one at a time


def test_a_bad_row_after_thousands_of_good_ones_leaves_nothing(desk: Desk) -> None:
    lines = "\n".join(str(number) for number in range(2 * CHUNK + 5))
    with pytest.raises(RollRefused, match="bad_rows"):
        desk.load(f"numero_adherent\n{lines}\n*")
    assert desk.roll() == []


def test_a_file_that_breaks_off_after_thousands_of_good_rows_leaves_nothing(desk: Desk) -> None:
    def rows() -> Iterator[tuple[int, list[str]]]:
        yield from ((line, [str(line)]) for line in range(2, 2 * CHUNK + 2))
        raise EOFError

    work = desk.work()
    with pytest.raises(EOFError):
        header = plan(["numero_adherent"]).header
        really_import(work, header, rows, source=SOURCE)
    work.close(commit=False)
    assert desk.roll() == []
    desk.load("numero_adherent\n1")
    assert len(desk.roll()) == 1


def test_more_chunks_than_one_copy_takes_are_all_there(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roll_table, "_ONE_COPY", 2)
    many = 4 * CHUNK + 1
    desk.load("numero_adherent\n" + "\n".join(map(str, range(many))))
    assert desk.count(RollEntry) == many


def test_files_longer_than_a_chunk_are_imported_whole_and_found_again(desk: Desk) -> None:
    table = "numero_adherent\n" + "\n".join(str(number) for number in range(2 * CHUNK + 5))
    assert desk.load(table).added == 2 * CHUNK + 5
    assert desk.load(table) == RollReport(unchanged=2 * CHUNK + 5)


def test_a_second_import_at_the_same_time_is_refused(desk: Desk) -> None:
    other = open_engine(desk.engine.url.render_as_string(hide_password=False))
    if other.dialect.name == "sqlite":  # which waits for 10 seconds otherwise
        event.listen(other, "connect", lambda link, _: link.execute("PRAGMA busy_timeout=50"))
    second = Desk(other, desk.world, desk.clock)
    first = desk.work()
    header = plan(["numero_adherent"]).header
    really_import(first, header, lambda: [(2, ["1"])], source=SOURCE)
    with pytest.raises(RollRefused, match="busy"):
        second.load("numero_adherent\n2")
    first.close(commit=True)
    assert second.load("numero_adherent\n2").added == 1
    other.dispose()


def test_the_journal_tells_the_import_in_numbers(desk: Desk) -> None:
    desk.load(ONE)
    with desk.engine.connect() as connection:
        [entry] = connection.execute(select(JournalEntry)).all()
        kept = connection.execute(select(RollImport)).one()
    assert (entry.event, entry.origin) == ("roll.imported", "cli")
    counts = {"added": 1, "changed": 0, "unchanged": 0, "letters": 0}
    source = {"operator": "c.martin", "file": "adherents.csv", "sha256": "0" * 64}
    assert entry.facts == {**counts, **source, "import_id": kept.id}
    assert kept.counts == {**counts, "bad": 0}
    assert (kept.operator, kept.file_name, kept.at) == (
        "c.martin", "adherents.csv", desk.clock.now(),
    )  # fmt: skip
