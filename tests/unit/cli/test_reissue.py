"""`flask members reissue`: another paper letter, shown once or written for the printer."""

import csv
import re
import stat

import pytest
from sqlalchemy import select

from tests.journeys import journalled
from tests.members import ODILE, RENE, on_the_roll
from webapp.models import RollEntry
from webapp.rules import credentials
from webapp.services.roll import code_mac, entry_of_letter
from webapp.services.roll_import import take_turn


@pytest.fixture(autouse=True)
def roll(work):
    on_the_roll(work)
    on_the_roll(work, RENE)
    work.settle()


@pytest.fixture
def run(app):
    def run(*arguments, command="reissue"):
        runner = app.test_cli_runner()
        result = runner.invoke(args=["members", command, *map(str, arguments)])
        assert result.exception is None or isinstance(result.exception, SystemExit), result
        return result

    return run


def stored(work):
    rows = work.db.execute(select(RollEntry.__table__).order_by(RollEntry.id)).all()
    work.settle()
    return rows


def shown_codes(text):
    return re.findall(r"\b\w{4}-\w{4}-\w{4}\b", text)


def test_the_letter_shows_once_and_its_code_is_the_member_s(run, work):
    result = run(ODILE.number)
    assert result.exit_code == 0
    assert f"Numéro d’adhérent\u00a0: {ODILE.number}\nAdhérent\u00a0: Mme Odile Exemple\n" in (
        result.stdout
    )
    assert "1er\u00a0mars 2027" in result.stdout  # ninety days
    assert "jamais plus" in result.stdout
    (code,) = shown_codes(result.stdout)
    assert entry_of_letter(work, ODILE.number, credentials.access_code(code))
    assert journalled(work, "letter.reissued") == [{}]


@pytest.mark.parametrize("typed", ["00 12345", "0012-345", "OO12345", " 0012345 "])
def test_the_number_may_be_typed_as_on_the_screens(run, typed):
    assert run(typed).exit_code == 0


def test_several_members_get_a_letter_each(run, work):
    before = stored(work)
    result = run(ODILE.number, RENE.number, ODILE.number)
    assert result.exit_code == 0
    assert len(shown_codes(result.stdout)) == 2
    assert all(old.code_mac != new.code_mac for old, new in zip(before, stored(work), strict=True))


@pytest.mark.parametrize("numbers", [["0099999"], [ODILE.number, "0099999"], ["?!"], ["é" * 40]])
def test_a_number_that_the_roll_does_not_know_changes_nothing(run, work, tmp_path, numbers):
    before, letters = stored(work), tmp_path / "desk" / "letters.csv"
    letters.parent.mkdir()
    for arguments in (numbers, [*numbers, "--letters", letters]):
        result = run(*arguments)
        assert result.exit_code == 1
        assert result.stdout == ""
        assert result.stderr.count("\n") == 1 and "Rien n’a été changé" in result.stderr
    assert stored(work) == before
    assert list(letters.parent.iterdir()) == []


def test_no_number_at_all_is_an_error_of_use(run):
    assert run().exit_code == 2


def test_the_printer_s_file_holds_the_codes_and_the_terminal_does_not(run, work, tmp_path):
    letters = tmp_path / "letters.csv"
    result = run(ODILE.number, RENE.number, "--letters", letters)
    assert result.exit_code == 0
    assert shown_codes(result.stdout) == []
    assert "Courriers refaits\u00a0: 2" in result.stdout
    assert stat.S_IMODE(letters.stat().st_mode) == 0o600
    rows = list(csv.DictReader(letters.read_text("utf-8-sig").splitlines(), delimiter=";"))
    assert [row["numero_adherent"] for row in rows] == [ODILE.number, RENE.number]
    for row, entry in zip(rows, stored(work), strict=True):
        code = credentials.access_code(row["code_acces"])
        assert entry.code_mac == code_mac(work, entry.number_key, code)


def test_without_its_file_no_code_is_stored(run, work, tmp_path):
    before, taken = stored(work), tmp_path / "letters.csv"
    taken.write_text("des lettres à imprimer")
    for letters in (taken, tmp_path / "nulle-part" / "letters.csv"):
        result = run(ODILE.number, "--letters", letters)
        assert result.exit_code == 1
        assert "Rien n’a été changé" in result.stderr
    assert stored(work) == before
    assert taken.read_text() == "des lettres à imprimer"


def test_importing_the_mutual_s_file_again_leaves_the_new_letter_alone(run, work, tmp_path):
    roll_file = tmp_path / "roll.csv"
    roll_file.write_text(f"numero_adherent;code_acces\n{ODILE.number};{ODILE.access_code}\n")
    for _ in range(2):  # a second letter after the first is as safe
        run(ODILE.number)
        before = stored(work)[0]
        assert run(roll_file, command="import").exit_code == 0
        assert stored(work)[0].code_mac == before.code_mac


def test_another_code_in_the_mutual_s_file_is_a_newer_letter_still(run, work, tmp_path):
    run(ODILE.number)
    roll_file = tmp_path / "roll.csv"
    for code in ("AAAABBBBCCCC", ODILE.access_code):
        roll_file.write_text(f"numero_adherent;code_acces\n{ODILE.number};{code}\n")
        assert run(roll_file, command="import").exit_code == 0
        assert stored(work)[0].code_mac == code_mac(work, ODILE.number, code)


def test_while_an_import_runs_it_says_so(run, work):
    if work.db.dialect.name != "postgresql":
        work.close(keep=False)
        pytest.skip("SQLite's writers wait for one another")
    take_turn(work)
    result = run(ODILE.number)
    assert result.exit_code == 1
    assert "occupée" in result.stderr
    work.db.rollback()
