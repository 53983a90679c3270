"""The printer's file: what it says of each letter, and what a spreadsheet makes of it."""

import csv
from datetime import date
from pathlib import Path

import pytest

from webapp.cli.letters_csv import LettersFile
from webapp.services.letters.sheets import Addressee, Sheet

PORTAL = "https://espace.example.org"
ADDRESS = "MME ODILE EXEMPLE\nCHEZ M. RENE\nBAT B\n12 RUE DES LILAS\nBP 7\n01000 BOURG EN BRESSE"
DAYS = {"made_on": date(2026, 11, 14), "good_until": date(2027, 2, 27)}


def sheet(sequence: int, code: str, *to: str) -> Sheet:
    return Sheet(12, sequence, 2, Addressee(*to), code, **DAYS)


ODILE = sheet(1, "7K2M-9QXD-4HRT", "00200101", "Mme", "Exemple", "Odile", ADDRESS)


def written(folder: Path, *letters: Sheet) -> str:
    """The file's text."""
    path = folder / "letters.csv"
    with LettersFile(path) as box:
        box.write(letters, PORTAL)
        box.publish()
    raw = path.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    return raw.decode("utf-8-sig")


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(text.splitlines(), delimiter=";"))


def test_its_columns_are_those_that_printers_were_told(tmp_path: Path) -> None:
    head = written(tmp_path).splitlines()[0].replace('"', "")
    assert head == (
        "sequence;numero_adherent;civilite;nom;prenom;adresse_1;adresse_2;adresse_3;adresse_4;"
        "adresse_5;adresse_6;code_acces;bon_jusquau;adresse_du_portail"
    )


def test_a_letter_has_its_place_its_address_its_last_day_and_the_portal(tmp_path: Path) -> None:
    bare = sheet(2, "B5WN-3C8Z-PV6J", "7", "", "", "", "")
    first, second = rows(written(tmp_path, ODILE, bare))
    assert [first[f"adresse_{at}"] for at in range(1, 7)] == ADDRESS.split("\n")
    assert (first["sequence"], second["sequence"]) == ("1", "2")
    assert first["code_acces"] == "7K2M-9QXD-4HRT"
    assert first["bon_jusquau"].strip() == "27/02/2027"
    assert first["adresse_du_portail"] == PORTAL
    assert {second[f"adresse_{at}"] for at in range(1, 7)} == {""}


def test_a_tab_at_the_end_keeps_zeros_and_days_as_they_are_in_a_spreadsheet(
    tmp_path: Path,
) -> None:
    """Quoted, so that one which cuts at tabs too leaves it in its cell."""
    line = written(tmp_path, ODILE).splitlines()[1]
    assert '"00200101\t"' in line and '"27/02/2027\t"' in line


@pytest.mark.parametrize("sign", list("=+-@"))
def test_a_formula_sign_is_inert_in_any_cell(tmp_path: Path, sign: str) -> None:
    evil = f"{sign}1+1"
    letter = sheet(1, "7K2M-9QXD-4HRT", evil, evil, evil, evil, f"{evil}\n{evil}")
    [row] = rows(written(tmp_path, letter))
    told = ("numero_adherent", "civilite", "nom", "prenom", "adresse_1", "adresse_2")
    assert [row[name].strip() for name in told] == [f"'{evil}"] * 6
