"""The printer's file of an import: written whole, for its owner alone, or not at all."""

import csv
import stat

import pytest
from sqlalchemy import Connection, event, func, select

from tests.import_desk import GOOD, NEW, Desk
from webapp.rules import credentials
from webapp.services.kernel.work import Work
from webapp.services.letters import posting
from webapp.services.roll.entries import code_mac


def test_new_codes_go_to_the_printer_s_file_and_to_no_other_place(desk: Desk, work: Work) -> None:
    letters = desk.folder / "letters.csv"
    result = desk.run(desk.file(NEW), "--letters", letters)
    assert result.exit_code == 0
    raw = letters.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(raw.decode("utf-8-sig").splitlines(), delimiter=";"))
    assert [row["nom"] for row in rows] == ["Lefèvre", "'=1+1"]
    assert [row["prenom"] for row in rows] == ["Élodie", "'@x"]
    for row, entry in zip(rows, desk.roll(), strict=True):
        assert [len(group) for group in row["code_acces"].split("-")] == [4, 4, 4]
        code = credentials.access_code(row["code_acces"])
        assert code is not None
        assert entry["code_mac"] == code_mac(work, row["numero_adherent"].strip(), code)
        assert row["code_acces"] not in result.output
        assert code not in result.output


def test_all_who_wait_get_theirs_in_one_batch_that_the_terminal_names(desk: Desk) -> None:
    desk.imported(desk.file(NEW))
    later = desk.file(f"{NEW.splitlines()[0]};adresse_1\n003;;Petit;Luc;LUC PETIT\n", "later.csv")
    letters = desk.folder / "letters.csv"
    told = desk.imported(later, "--letters", letters, "--accept", "nouveaux")
    first, second = told.splitlines()[-2:]
    assert first.startswith("Lettres\u00a0: 3, dont 2 sans adresse postale, lot 1, dans «")
    assert second == "Quand elles seront parties, dites-le\u00a0: flask letters posted 1."
    rows = csv.DictReader(letters.read_text("utf-8-sig").splitlines(), delimiter=";")
    assert [(row["sequence"], row["nom"]) for row in rows] == [
        ("1", "Lefèvre"), ("2", "'=1+1"), ("3", "Petit"),
    ]  # fmt: skip


def test_a_trial_tells_the_count_that_the_import_then_makes(desk: Desk) -> None:
    desk.imported(desk.file(NEW))
    other = desk.file("numero_adherent;nom\n003;Petit\n", "other.csv")
    letters = desk.folder / "letters.csv"
    told = desk.imported(other, "--dry-run", "--letters", letters)
    assert "Lettres\u00a0: 3 à écrire, dont 3 sans adresse postale" in told
    assert not letters.exists()
    assert "Lettres\u00a0: 3, dont 3" in desk.imported(other, "--letters", letters)


def test_whose_last_letter_came_back_from_the_same_address_is_counted(
    desk: Desk, work: Work
) -> None:
    desk.imported(desk.file(NEW), "--letters", desk.folder / "letters.csv")
    posting.returned(work, ["001"], operator="c.martin")
    work.settle()
    told = desk.imported(desk.file(NEW), "--letters", desk.folder / "more.csv")
    assert "Lettres\u00a0: 0, fichier non créé" in told
    assert "Dernier courrier revenu, adresse inchangée depuis\u00a0: 1, sans courrier." in told


def test_who_gets_no_letter_is_counted_by_reason(desk: Desk) -> None:
    rows = "1;A;parti\n2;B;parti\n3;C;parti\n4;D;décédé\n5;E;refus\n6;F;actif\n"
    result = desk.run(desk.file(f"numero_adherent;nom;statut\n{rows}"), "--dry-run")
    lines = result.stdout.splitlines()
    assert "Lettres\u00a0: 1 à écrire" in lines
    assert "Sans courrier\u00a0: 3 partis, 1 décédé, 1 refus" in lines


def test_a_line_too_long_for_the_envelope_is_told_and_imported(desk: Desk) -> None:
    result = desk.run(desk.file(f"numero_adherent;adresse_1\n007;{'RUE ' * 10}X\n"))
    assert result.exit_code == 0
    assert "1 ligne d’adresse de plus de 38 signes, gardée telle quelle" in result.stderr
    assert "  007\u00a0: «\u00a0RUE RUE" in result.stderr


def test_an_address_without_a_line_for_the_name_is_told_and_imported(desk: Desk) -> None:
    head = ";".join(f"adresse_{at}" for at in range(1, 7))
    rows = f"007;Martin;{';'.join('ABCDEF')}\n"
    result = desk.run(desk.file(f"numero_adherent;nom;{head}\n{rows}"))
    assert result.exit_code == 0
    assert "1 adresse remplit les 6 lignes" in result.stderr
    assert "(007)\u00a0: son courrier ne sera pas imprimé" in result.stderr


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
