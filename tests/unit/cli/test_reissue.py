"""`flask members reissue`: another letter, its code in the printer's file alone."""

import csv
import io
import re
import stat
from dataclasses import replace

import pytest
from sqlalchemy import select

from player.members import ODILE, RENE, becomes, on_the_roll
from tests.journeys import journalled
from webapp.models import RollEntry
from webapp.rules import credentials
from webapp.rules.statuses import DECEASED, LEFT, REFUSED
from webapp.services.roll.entries import code_mac, entry_of_letter
from webapp.services.roll.import_file import take_turn


class Terminal(io.BytesIO):
    """An operator at the keyboard, who types this."""

    def isatty(self):
        return True


@pytest.fixture(autouse=True)
def roll(work):
    on_the_roll(work)
    on_the_roll(work, RENE)
    work.settle()


@pytest.fixture
def run(app):
    def run(*arguments, command="reissue", typed=None):
        result = app.test_cli_runner().invoke(
            args=["members", command, *map(str, arguments)],
            input=None if typed is None else Terminal(typed.encode()),
        )
        assert result.exception is None or isinstance(result.exception, SystemExit), result
        return result

    return run


@pytest.fixture
def letters(tmp_path):
    (tmp_path / "desk").mkdir()
    return tmp_path / "desk" / "letters.csv"


def codes_in(letters):
    rows = csv.DictReader(letters.read_text("utf-8-sig").splitlines(), delimiter=";")
    return [row["code_acces"] for row in rows]


def stored(work):
    rows = work.db.execute(select(RollEntry.__table__).order_by(RollEntry.id)).all()
    work.settle()
    return rows


def shown_codes(text):
    return re.findall(r"\b\w{4}-\w{4}-\w{4}\b", text)


def test_the_new_code_is_the_member_s_and_the_terminal_shows_none(run, work, letters):
    result = run(ODILE.number, "--letters", letters, "--yes")
    assert result.exit_code == 0
    assert shown_codes(result.output) == []
    assert "16\u00a0mars 2027" in result.stdout  # 15 days to be posted, then 90
    assert "Les anciens codes ne marchent plus" in result.stdout
    assert "remettez-le à l’imprimeur, puis supprimez-le" in result.stdout
    (code,) = codes_in(letters)
    assert entry_of_letter(work, ODILE.number, credentials.access_code(code))
    assert journalled(work, "letter.reissued") == [{}]


def test_without_a_file_for_the_code_nothing_is_done(run, work):
    before = stored(work)
    result = run(ODILE.number, "--yes")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.count("\n") == 1 and "Il manque --letters" in result.stderr
    assert stored(work) == before


def test_the_members_are_named_and_the_operator_asked(run, work, letters):
    before = stored(work)
    result = run(ODILE.number, RENE.number, "--letters", letters, typed="oui\n")
    assert result.exit_code == 0
    asked, _ = result.stderr.split("[o/N]")
    assert asked.startswith(
        "".join(f"{each.number}\u00a0: Mme\u00a0Odile Exemple\n" for each in (ODILE, RENE))
    )
    assert "Refaire le courrier de ces 2 adhérents\u00a0?" in asked
    assert shown_codes(result.output) == []
    assert all(old.code_mac != new.code_mac for old, new in zip(before, stored(work), strict=True))


@pytest.mark.parametrize("typed", ["\n", "non\n", "n\n", "peut-être\n", ""])
def test_any_other_answer_changes_nothing(run, work, letters, typed):
    before = stored(work)
    result = run(ODILE.number, "--letters", letters, typed=typed)
    assert result.exit_code in (1, 130)
    assert "Rien n’a été changé" in result.stderr
    assert stored(work) == before and not letters.exists()


def test_with_nobody_to_ask_nothing_is_done(run, work, letters):
    before = stored(work)
    result = run(ODILE.number, "--letters", letters)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.count("\n") == 1 and "--yes" in result.stderr
    assert stored(work) == before and not letters.exists()


def test_the_reason_is_kept_in_the_journal(run, work, letters):
    reason = "Courrier jamais reçu, carte d’identité vue à l’accueil"
    assert run(ODILE.number, "--letters", letters, "--yes", "--reason", reason).exit_code == 0
    assert journalled(work, "letter.reissued") == [{"reason": reason}]


@pytest.mark.parametrize("reason", ["x" * 201, "deux\nlignes", "\x1b[2J"])
def test_a_reason_that_the_journal_can_t_keep_changes_nothing(run, work, letters, reason):
    before = stored(work)
    result = run(ODILE.number, "--letters", letters, "--yes", "--reason", reason)
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1 and "--reason" in result.stderr
    assert stored(work) == before and not letters.exists()


@pytest.mark.parametrize("typed", ["00 12345", "\u00a00012345 "])
def test_spaces_change_no_number(run, letters, typed):
    assert run(typed, "--letters", letters, "--yes").exit_code == 0


@pytest.mark.parametrize("number", ["0012-345", "OO12345", "12345"])
def test_a_number_that_only_looks_like_a_member_s_is_shown_and_asked(run, work, letters, number):
    result = run(number, "--letters", letters, typed="oui\n")
    given = f"{ODILE.number} : Mme Odile Exemple (vous avez donné « {number} »)"
    assert given in result.stderr.replace("\u00a0", " ")
    assert (result.exit_code, len(codes_in(letters))) == (0, 1)


@pytest.mark.parametrize("command", ["reissue", "sign-out"])
def test_no_script_acts_on_a_number_that_only_looks_like_a_member_s(run, work, letters, command):
    before = stored(work)
    options = ["--letters", letters] if command == "reissue" else []
    result = run("12345", *options, "--yes", command=command)
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert "Rien n’a été changé" in result.stderr and ODILE.number in result.stderr
    assert stored(work) == before and not letters.exists()


def test_a_number_that_may_be_several_members_names_them(run, work, letters):
    on_the_roll(work, replace(RENE, number="00.12345"))
    work.settle()
    result = run("12345", "--letters", letters, typed="oui\n")
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert "« 00.12345 », « 0012345 »" in result.stderr.replace("\u00a0", " ")
    assert run("00.12345", "--letters", letters, "--yes").exit_code == 0


def test_several_members_get_a_letter_each(run, work, letters):
    before = stored(work)
    result = run(ODILE.number, RENE.number, ODILE.number, "--letters", letters, "--yes")
    assert result.exit_code == 0
    assert len(codes_in(letters)) == 2
    assert all(old.code_mac != new.code_mac for old, new in zip(before, stored(work), strict=True))


@pytest.mark.parametrize("numbers", [["0099999"], [ODILE.number, "0099999"], ["?!"], ["é" * 40]])
def test_a_number_that_the_roll_does_not_know_changes_nothing(run, work, letters, numbers):
    before = stored(work)
    result = run(*numbers, "--letters", letters, "--yes")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1 and "Rien n’a été changé" in result.stderr
    assert stored(work) == before
    assert list(letters.parent.iterdir()) == []


def test_no_number_at_all_is_an_error_of_use(run, letters):
    assert run("--letters", letters).exit_code == 2


def test_the_printer_s_file_holds_the_codes_and_the_terminal_does_not(run, work, letters):
    result = run(ODILE.number, RENE.number, "--letters", letters, "--yes")
    assert result.exit_code == 0
    assert shown_codes(result.stdout) == []
    assert "Courriers refaits\u00a0: 2" in result.stdout
    assert stat.S_IMODE(letters.stat().st_mode) == 0o600
    rows = list(csv.DictReader(letters.read_text("utf-8-sig").splitlines(), delimiter=";"))
    assert [row["numero_adherent"].strip() for row in rows] == [ODILE.number, RENE.number]
    for row, entry in zip(rows, stored(work), strict=True):
        code = credentials.access_code(row["code_acces"])
        assert entry.code_mac == code_mac(work, entry.number_key, code)


def test_without_its_file_no_code_is_stored(run, work, tmp_path):
    before, taken = stored(work), tmp_path / "letters.csv"
    taken.write_text("des lettres à imprimer")
    for letters in (taken, tmp_path / "nulle-part" / "letters.csv"):
        result = run(ODILE.number, "--letters", letters, "--yes")
        assert result.exit_code == 1
        assert "Rien n’a été changé" in result.stderr
    assert stored(work) == before
    assert taken.read_text() == "des lettres à imprimer"


def test_importing_the_mutual_s_file_again_leaves_the_new_letter_alone(run, work, tmp_path):
    roll_file = tmp_path / "roll.csv"
    roll_file.write_text(f"numero_adherent;code_acces\n{ODILE.number};{ODILE.access_code}\n")
    for each in ("first.csv", "second.csv"):  # a second letter after the first is as safe
        run(ODILE.number, "--letters", tmp_path / each, "--yes")
        before = stored(work)[0]
        assert run(roll_file, command="import").exit_code == 0
        assert stored(work)[0].code_mac == before.code_mac


def test_another_code_in_the_mutual_s_file_is_a_newer_letter_still(run, work, tmp_path):
    run(ODILE.number, "--letters", tmp_path / "letters.csv", "--yes")
    roll_file = tmp_path / "roll.csv"
    for code in ("AAAABBBBCCCC", ODILE.access_code):
        roll_file.write_text(f"numero_adherent;code_acces\n{ODILE.number};{code}\n")
        assert run(roll_file, command="import").exit_code == 0
        assert stored(work)[0].code_mac == code_mac(work, ODILE.number, code)


def test_while_an_import_runs_it_says_so(run, work, letters):
    if work.db.dialect.name != "postgresql":
        work.close(commit=False)
        pytest.skip("SQLite's writers wait for one another")
    take_turn(work)
    result = run(ODILE.number, "--letters", letters, "--yes")
    assert result.exit_code == 1
    assert "occupée" in result.stderr
    work.db.rollback()


@pytest.mark.parametrize(
    ("status", "words"),
    [(LEFT, "est parti"), (DECEASED, "est décédé"), (REFUSED, "refuse l’espace en ligne")],
)
def test_who_left_died_or_refuses_is_named_and_nobody_gets_a_letter(
    run, work, letters, status, words
):
    becomes(work, status, RENE)
    before = stored(work)
    result = run(ODILE.number, RENE.number, "--letters", letters, "--yes")
    assert result.exit_code == 1
    assert f"l’adhérent {RENE.number} {words}" in result.stderr
    assert "Rien n’a été changé" in result.stderr
    assert stored(work) == before and not letters.exists()
