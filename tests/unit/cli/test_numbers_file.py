"""Members' numbers from whatever a clerk has: a list, or a table of any kind."""

from datetime import date

import openpyxl
import pytest

from webapp.cli import numbers_file
from webapp.cli.roll_files.faults import RollFileFault

TODAY = date(2026, 12, 1)


def read(path):
    return numbers_file.read(path, TODAY)


@pytest.mark.parametrize(
    ("content", "numbers"),
    [
        ("0000001\n0000002", ["0000001", "0000002"]),
        ("\ufeff 00 12 \r\n\r\n34\r\n", ["00 12", "34"]),
        ("numero_adherent\n001\n002\n", ["001", "002"]),
        ("N° adhérent;Nom\n001;Martin\n;Sans\n", ["001"]),
    ],
)
def test_each_line_of_a_list_and_each_row_of_a_table_is_one(tmp_path, content, numbers):
    file = tmp_path / "numeros.txt"
    file.write_bytes(content.encode())
    assert read(file) == numbers


def test_a_workbook_gives_the_zeros_that_its_format_shows(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["Numéro d'adhérent", "Motif"])
    book.active.append([12, "NPAI"])
    book.active["A2"].number_format = "0000000"
    book.save(tmp_path / "retours.xlsx")
    assert read(tmp_path / "retours.xlsx") == ["0000012"]


@pytest.mark.parametrize("content", [b"", b"\n \n", b"numero_adherent\n", b"nom;prenom\nA;B\n",
                                     b"%PDF-1.7\n", bytes(range(256))])  # fmt: skip
def test_a_file_without_a_number_is_a_sentence(tmp_path, content):
    file = tmp_path / "numeros.txt"
    file.write_bytes(content)
    with pytest.raises(RollFileFault):
        read(file)


def test_a_file_that_is_not_there_is_a_sentence(tmp_path):
    with pytest.raises(RollFileFault, match="n’existe pas"):
        read(tmp_path / "nulle-part.txt")


def test_no_option_is_advised_that_the_command_has_not(tmp_path):
    file = tmp_path / "numeros.csv"
    file.write_text("nom;prenom\nMartin;Odile\n")
    with pytest.raises(RollFileFault, match="numero_adherent") as refused:
        read(file)
    assert "--column" not in str(refused.value)
