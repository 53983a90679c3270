import csv
import stat
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import Connection, Engine, RowMapping, event, func, select

from webapp.models import JournalEntry, RollEntry
from webapp.rules import credentials
from webapp.services.kernel.work import Work
from webapp.services.roll.entries import code_mac
from webapp.settings import ROOT

CODE = "7K2M-9QXD-4HRT"
GOOD = f"numero_adherent;code_acces;nom\n001;{CODE};Lefèvre\n002;{CODE};Gâteau\n"
NEW = "numero_adherent;civilite;nom;prenom\n001;Mme;Lefèvre;Élodie\n002;M.;=1+1;@x\n"
DEMO = ROOT / "demo" / "adherents.csv"


@dataclass
class Desk:
    """An operator's desk: a folder, the command, and the database behind it."""

    app: Flask
    folder: Path
    engine: Engine

    def file(self, content: str | bytes, name: str = "roll.csv") -> Path:
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def run(self, *arguments: object) -> Result:
        runner = self.app.test_cli_runner()
        result = runner.invoke(args=["members", "import", *map(str, arguments)])
        assert result.exception is None or isinstance(result.exception, SystemExit), result
        return result

    def refused(self, *arguments: object) -> str:
        """What is said when nothing at all was imported."""
        before = self.roll()
        result = self.run(*arguments)
        assert result.exit_code == 1, result.output
        assert result.stdout == ""
        assert self.roll() == before
        return result.stderr

    def imported(self, *arguments: object) -> str:
        result = self.run(*arguments)
        assert result.exit_code == 0, result.output
        return result.stdout

    def roll(self) -> list[RowMapping]:
        with self.engine.connect() as connection:
            rows = connection.execute(select(RollEntry).order_by(RollEntry.number_key))
            return list(rows.mappings())


@pytest.fixture
def desk(app: Flask, engine: Engine, tmp_path: Path) -> Desk:
    folder = tmp_path / "desk"
    folder.mkdir()
    return Desk(app, folder, engine)


# What a good file does


def test_the_summary_counts_what_was_done(desk: Desk) -> None:
    assert desk.imported(desk.file(GOOD)).splitlines() == [
        "Import terminé. Durée\u00a0: 0,0 s.",
        "Ajoutés\u00a0: 2",
        "Modifiés\u00a0: 0",
        "Inchangés\u00a0: 0",
        "Lignes en erreur\u00a0: 0",
        "Lettres\u00a0: 0",
    ]


def test_the_same_file_twice_adds_and_changes_nothing(desk: Desk) -> None:
    desk.imported(desk.file(GOOD))
    again = desk.imported(desk.file(GOOD))
    assert "Ajoutés\u00a0: 0\nModifiés\u00a0: 0\nInchangés\u00a0: 2\n" in again


def test_unknown_columns_are_named_and_ignored(desk: Desk) -> None:
    result = desk.run(desk.file(f"numero_adherent;code_acces;sexe\n1;{CODE};F\n"))
    assert result.exit_code == 0
    assert result.stderr.splitlines()[1:] == ["Colonnes inconnues, ignorées\u00a0: sexe."]


def test_the_demonstration_s_roll_is_a_good_one_and_its_codes_open(desk: Desk, work: Work) -> None:
    assert "Ajoutés\u00a0: 12" in desk.imported(DEMO)
    with DEMO.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    for row, entry in zip(rows, desk.roll(), strict=True):
        code = row["code_acces"].replace("-", "")
        assert credentials.grouped(code) == row["code_acces"]
        assert set(code) <= set(credentials.ACCESS_ALPHABET)
        assert entry["code_mac"] == code_mac(work, row["numero_adherent"], code)


# Letters


def test_new_codes_go_to_the_printer_s_file_and_to_no_other_place(desk: Desk, work: Work) -> None:
    letters = desk.folder / "letters.csv"
    result = desk.run(desk.file(NEW), "--letters", letters)
    assert result.exit_code == 0
    raw = letters.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbfnumero_adherent;civilite;nom;prenom;code_acces\r\n")
    rows = list(csv.DictReader(raw.decode("utf-8-sig").splitlines(), delimiter=";"))
    assert [row["nom"] for row in rows] == ["Lefèvre", "'=1+1"]
    assert [row["prenom"] for row in rows] == ["Élodie", "'@x"]
    for row, entry in zip(rows, desk.roll(), strict=True):
        assert [len(group) for group in row["code_acces"].split("-")] == [4, 4, 4]
        code = credentials.access_code(row["code_acces"])
        assert code is not None
        assert entry["code_mac"] == code_mac(work, row["numero_adherent"], code)
        assert row["code_acces"] not in result.output
        assert code not in result.output


def test_the_letters_are_their_owner_s_only(desk: Desk) -> None:
    letters = desk.folder / "letters.csv"
    desk.imported(desk.file(NEW), "--letters", letters)
    assert stat.S_IMODE(letters.stat().st_mode) == 0o600
    assert sorted(path.name for path in desk.folder.iterdir()) == ["letters.csv", "roll.csv"]


def test_letters_that_wait_for_their_printing_are_not_overwritten(desk: Desk) -> None:
    letters = desk.file("precious", "letters.csv")
    assert "existe déjà" in desk.refused(desk.file(NEW), "--letters", letters)
    assert letters.read_text() == "precious"


def test_letters_in_a_folder_that_is_not_there_are_refused_first(desk: Desk) -> None:
    letters = desk.folder / "nowhere" / "letters.csv"
    assert "ne peuvent pas être écrites" in desk.refused(desk.file(NEW), "--letters", letters)


def test_codes_without_a_file_for_them_wait_and_the_option_is_told(desk: Desk) -> None:
    result = desk.run(desk.file(NEW))
    assert result.exit_code == 0
    assert "ajoutant --letters FICHIER.csv" in result.stderr


def test_no_letters_no_file(desk: Desk) -> None:
    letters = desk.folder / "letters.csv"
    assert "Lettres\u00a0: 0, fichier non créé" in desk.imported(
        desk.file(GOOD), "--letters", letters
    )
    assert not letters.exists()


def test_a_refused_import_leaves_no_letters(desk: Desk) -> None:
    desk.refused(desk.file(NEW + "*;;;\n"), "--letters", desk.folder / "letters.csv")
    assert [path.name for path in desk.folder.iterdir()] == ["roll.csv"]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_failed_commit_takes_the_letters_away(desk: Desk) -> None:
    with desk.engine.begin() as connection:  # a debt that only the commit asks for
        connection.exec_driver_sql(
            "CREATE TABLE debt (id INTEGER REFERENCES roll (id) DEFERRABLE INITIALLY DEFERRED)"
        )
        connection.exec_driver_sql(
            "CREATE TRIGGER owe AFTER INSERT ON roll BEGIN INSERT INTO debt VALUES (-1); END"
        )
    try:
        told = desk.refused(desk.file(NEW), "--letters", desk.folder / "letters.csv")
    finally:
        with desk.engine.begin() as connection:
            connection.exec_driver_sql("DROP TRIGGER owe")
            connection.exec_driver_sql("DROP TABLE debt")
    assert "IntegrityError" in told
    assert [path.name for path in desk.folder.iterdir()] == ["roll.csv"]


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_letters_stay_when_nobody_can_tell_whether_the_commit_was_done(desk: Desk) -> None:
    def cut(connection: Connection) -> None:
        own = connection.connection.dbapi_connection.info.backend_pid  # type: ignore[union-attr]
        with desk.engine.connect() as other:
            other.execute(select(func.pg_terminate_backend(own, 5_000)))

    letters = desk.folder / "letters.csv"
    event.listen(desk.engine, "commit", cut)
    try:
        told = desk.refused(desk.file(NEW), "--letters", letters)
    finally:
        event.remove(desk.engine, "commit", cut)
    assert "coupée pendant la validation" in told
    assert letters.exists()


# Dry runs


def test_a_dry_run_counts_and_changes_nothing(desk: Desk) -> None:
    letters = desk.folder / "letters.csv"
    result = desk.run(desk.file(NEW), "--dry-run", "--letters", letters)
    assert result.exit_code == 0
    assert result.stdout.startswith("Essai sans effet\u00a0: rien n’a été importé.")
    assert "Ajoutés\u00a0: 2" in result.stdout
    assert not letters.exists()
    assert desk.roll() == []
    with desk.engine.connect() as connection:
        assert connection.execute(select(JournalEntry)).all() == []


def test_a_dry_run_warns_when_letters_will_be_needed(desk: Desk) -> None:
    result = desk.run(desk.file(NEW), "--dry-run")
    assert result.exit_code == 0
    assert "ajoutant --letters FICHIER.csv" in result.stderr


# Bad rows


def test_a_bad_row_is_told_with_its_line_and_stops_everything(desk: Desk) -> None:
    said = desk.refused(desk.file(GOOD + f"A*B;{CODE};x\n"))
    assert said.splitlines()[1:] == [
        "ligne 4\u00a0: numero_adherent «\u00a0A*B\u00a0»\u00a0: attendu 1 à 32 lettres "
        "sans accent ou chiffres",
        "Rien n’a été importé\u00a0: 1 ligne(s) en erreur. Corrigez le fichier, ou ajoutez "
        "--keep-good pour importer les bonnes (2).",
    ]


def test_a_row_is_named_by_the_line_on_which_it_starts(desk: Desk) -> None:
    first = f'1;{CODE};"Le\nGoff";"a\r\n\nb"\n'
    table = f"numero_adherent;code_acces;nom;note\n\n{first}*;{CODE};x;y\n"
    assert "ligne 7\u00a0: numero_adherent" in desk.refused(desk.file(table))
    desk.imported(desk.file(table), "--keep-good")
    assert [entry["last_name"] for entry in desk.roll()] == ["Le Goff"]


def test_the_good_rows_are_kept_when_asked_and_the_bad_still_told(desk: Desk) -> None:
    result = desk.run(desk.file(GOOD + f"A*B;{CODE};x\n"), "--keep-good")
    assert result.exit_code == 0
    assert "ligne 4\u00a0: numero_adherent" in result.stderr
    assert "Ajoutés\u00a0: 2" in result.stdout
    assert "Lignes en erreur\u00a0: 1" in result.stdout


def test_fifty_bad_rows_are_told_and_the_rest_counted(desk: Desk) -> None:
    said = desk.refused(desk.file(GOOD + "*;;\n" * 57)).splitlines()[1:]
    assert (len(said), said[50]) == (52, "… et 7 autre(s) ligne(s) en erreur.")


def test_an_access_code_is_never_printed(desk: Desk) -> None:
    bad = "SECRET*CODE"
    assert bad not in desk.refused(desk.file(f"numero_adherent;code_acces\n1;{bad}\n"))
    assert CODE not in desk.refused(desk.file(f"1;{CODE};x\n2;{CODE};y\n"))


def test_a_value_cannot_drive_the_operator_s_terminal(desk: Desk) -> None:
    table = f"numero_adherent;code_acces;\x1b]0;x\n\x1b[2J;{CODE};a;b\n"
    assert "\x1b" not in desk.refused(desk.file(table))


def test_a_file_that_is_no_roll_is_refused_in_one_sentence(desk: Desk) -> None:
    said = desk.refused(desk.file("nom;prenom\na;b\n"))
    assert said.startswith("La colonne «\u00a0numero_adherent\u00a0» manque. En-tête trouvé\u00a0:")
    assert said.count("\n") == 1


def test_a_file_with_its_header_only_has_no_member(desk: Desk) -> None:
    assert "aucun adhérent" in desk.refused(desk.file("numero_adherent;nom\n"))
