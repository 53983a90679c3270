import csv
from datetime import date

from openpyxl import Workbook
from sqlalchemy import select

from tests.import_desk import CODE, GOOD, NEW, Desk
from webapp.models import JournalEntry
from webapp.rules import credentials
from webapp.services.kernel.work import Work
from webapp.services.roll.entries import code_mac
from webapp.settings import ROOT

DEMO = ROOT / "demo" / "adherents.csv"


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


def test_how_the_file_was_read_is_said_with_names_before_anything_else(desk: Desk) -> None:
    said = desk.run(desk.file(GOOD), "--dry-run").stderr.splitlines()
    assert said[0] == (
        "Fichier lu\u00a0: UTF-8, séparateur «\u00a0;\u00a0». Noms lus\u00a0: Lefèvre, Gâteau."
    )


def test_a_workbook_of_a_clerk_is_imported_and_unknown_dates_are_counted(desk: Desk) -> None:
    book = Workbook()
    book.create_sheet("2026").append(["Réf.", "Nom de famille", "Né(e) le"])
    book["2026"].append(["00042", "Lefèvre", date(1950, 3, 7)])
    book["2026"].append(["00043", "Gâteau", "inconnue"])
    book.save(desk.folder / "roll.xlsx")
    chosen = ("--sheet", "2026", "--column", "numero_adherent=Réf.")
    result = desk.run(desk.folder / "roll.xlsx", *chosen)
    assert result.exit_code == 0
    assert "1 date(s) comme «\u00a0inconnue\u00a0»" in result.stderr
    assert [(row["number"], row["last_name"], row["birth_date"]) for row in desk.roll()] == [
        ("00042", "Lefèvre", date(1950, 3, 7)),
        ("00043", "Gâteau", None),
    ]


def test_a_file_whose_encoding_is_in_doubt_changes_nothing_until_it_is_settled(desk: Desk) -> None:
    file = desk.file(f"numero_adherent;code_acces;nom\n1;{CODE};DELAÔVE\n".encode("cp850"))
    assert "--encoding cp850\u00a0: DELAÔVE" in desk.refused(file)
    desk.imported(file, "--encoding", "cp850")
    assert [row["last_name"] for row in desk.roll()] == ["DELAÔVE"]


def test_a_column_of_dates_that_is_wrong_stops_even_an_import_of_the_good_rows(desk: Desk) -> None:
    rows = f"001;{CODE};03/07/1950\n002;{CODE};03/31/1950\n"
    file = desk.file(f"numero_adherent;code_acces;date_naissance\n{rows}")
    assert "Le mois y est écrit avant le jour" in desk.refused(file, "--keep-good")


def test_a_choice_of_column_that_names_none_of_ours_is_told_with_them(desk: Desk) -> None:
    said = desk.refused(desk.file(GOOD), "--column", "matricule=Réf.")
    assert "Nos colonnes\u00a0: numero_adherent, code_acces" in said


def test_the_demonstration_s_roll_is_a_good_one_and_its_codes_open(desk: Desk, work: Work) -> None:
    assert "Ajoutés\u00a0: 12" in desk.imported(DEMO)
    with DEMO.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    for row, entry in zip(rows, desk.roll(), strict=True):
        code = row["code_acces"].replace("-", "")
        assert credentials.grouped(code) == row["code_acces"]
        assert set(code) <= set(credentials.ACCESS_ALPHABET)
        assert entry["code_mac"] == code_mac(work, row["numero_adherent"], code)


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
