"""What can't be read, or is no workbook, is refused in one sentence, in little memory."""

import zipfile
from pathlib import Path

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from tests.workbooks import HEADER, NOE, SEEN, SHEET, ZOE, read, refusal, repack, write


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "roll.xlsx"


# What can't be read


def test_a_formula_without_its_result_is_refused_by_its_cell(path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        sheet["B3"] = '=A3&"x"'

    assert "La cellule B3 contient une formule" in refusal(write(path, HEADER, ZOE, change=change))


def test_merged_cells_below_the_header_are_refused_and_a_merged_title_is_not(path: Path) -> None:
    write(path, ["Adhérents"], HEADER, ZOE, change=lambda sheet: sheet.merge_cells("A1:D1"))
    assert read(path) == SEEN[:1]
    write(path, HEADER, ZOE, NOE, change=lambda sheet: sheet.merge_cells("B2:B3"))
    assert "Les cellules B2:B3 sont fusionnées" in refusal(path)


def test_ten_thousand_columns_are_refused(path: Path) -> None:
    assert "10000 colonnes" in refusal(write(path, ["numero_adherent"] + ["x"] * 9_999))


@pytest.mark.parametrize("corner", ["XFD1048576", "Z1048576", "A1048576"])
def test_a_value_in_the_last_corner_of_a_sheet_costs_nothing(path: Path, corner: str) -> None:
    def change(sheet: Worksheet) -> None:
        sheet[corner] = "x"

    said = refusal(write(path, HEADER, ZOE, change=change))
    assert "colonnes" in said or "trop grand" in said


def test_a_million_empty_rows_are_no_members(path: Path) -> None:
    write(path, HEADER, ZOE, NOE)
    with zipfile.ZipFile(path) as book:
        told = book.read(SHEET).decode()
    empty = "".join(f'<row r="{line}"/>' for line in range(4, 1_048_577))
    many = told.replace("</sheetData>", f"{empty}</sheetData>")
    assert read(repack(path, path.with_name("x.xlsx"), SHEET, many)) == SEEN


@pytest.mark.parametrize("end", [3_000, -300])
def test_a_workbook_that_was_cut_off_is_refused(path: Path, end: int) -> None:
    whole = write(path, HEADER, ZOE).read_bytes()
    path.write_bytes(whole[:end])
    assert "abîmé ou incomplet" in refusal(path)


def test_a_damaged_part_and_a_document_type_are_refused(path: Path) -> None:
    write(path, HEADER, ZOE)
    other = path.with_name("x.xlsx")
    for content in ("<worksheet><sheetData>", '<!DOCTYPE x [<!ENTITY a "b">]><worksheet/>'):
        assert "abîmé ou incomplet" in refusal(repack(path, other, SHEET, content))


def test_a_part_of_nothing_but_blanks_is_not_read_to_its_end(path: Path) -> None:
    write(path, HEADER, ZOE)
    blanks = "<worksheet>" + " " * (8 * 1024 * 1024)
    assert "trop grand" in refusal(repack(path, path.with_name("x.xlsx"), SHEET, blanks))


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (OLE + "EncryptedPackage".encode("utf-16-le") + b"\0" * 90, "protégé par un mot de passe"),
        (OLE + "Workbook".encode("utf-16-le") + b"\0" * 90, "classeur Excel d’avant 2007"),
        (OLE + "WordDocument".encode("utf-16-le") + b"\0" * 90, "document Word"),
        (b"%PDF-1.7\n%\xe2\xe3", "est un PDF"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "est une image"),
        (b"\x1f\x8b\x08\0\0", "est comprimé (gzip)"),
        (b"<html><table>", "une page HTML"),
        ("<HTML>\r\n".encode("utf-16"), "une page HTML"),
        (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>', "XML de 2003"),
        (b'<?xml version="1.0"?><a/>', "est un fichier XML"),
        (b"{\\rtf1", "traitement de texte"),
    ],
)
def test_a_file_of_another_kind_is_called_what_it_is(
    tmp_path: Path, content: bytes, said: str
) -> None:
    path = tmp_path / "adherents.xlsx"
    path.write_bytes(content)
    assert said in refusal(path)


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("a.csv", "une archive zip, pas un classeur"),
        ("word/document.xml", "un document, pas un classeur"),
        ("xl/workbook.bin", "binaire (.xlsb)"),
        ("Index/Document.iwa", "Numbers"),
    ],
)
def test_an_archive_of_another_kind_is_called_what_it_is(path: Path, part: str, said: str) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(part, "x")
    assert said in refusal(path)
