"""Workbooks: what a clerk sees in a cell is read, and what can't be read is one sentence."""

import re
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet

from webapp.cli.roll_files.faults import RollFileFault
from webapp.cli.roll_files.opening import open_roll
from webapp.cli.roll_files.source import How
from webapp.settings import ROOT

TODAY = date(2026, 11, 29)
HEADER = ("numero_adherent", "nom", "prenom", "date_naissance")
ZOE = ("001", "Lefèvre", "Zoé", date(1950, 3, 7))
NOE = ("002", "Gâteau", "Noé", date(1947, 12, 31))
SEEN = [["001", "Lefèvre", "Zoé", "07/03/1950"], ["002", "Gâteau", "Noé", "31/12/1947"]]
SHEET = "xl/worksheets/sheet1.xml"
ODS = ROOT / "tests" / "data" / "rolls" / "01_texte.ods"
Change = Callable[[Worksheet], object]


def write(
    path: Path, *rows: Sequence[Any], change: Change | None = None, epoch: Any = None
) -> Path:
    book = Workbook()
    if epoch:
        book.epoch = epoch
    sheet = book.active
    for row in rows:
        sheet.append(row)
    if change:
        change(sheet)
    book.save(path)
    return path


def repack(source: Path, path: Path, name: str, content: bytes | str) -> Path:
    """The same workbook with another part of that name."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for each in old.namelist():
            new.writestr(each, content if each == name else old.read(each))
    return path


def read(path: Path, **how: Any) -> list[list[str]]:
    with open_roll(path, How(TODAY, **how)) as roll:
        return [list(cells or ()) for _, cells in roll.rows()]


def refusal(path: Path, **how: Any) -> str:
    with pytest.raises(RollFileFault) as refused:
        read(path, **how)
    assert "\n" not in str(refused.value)
    return str(refused.value)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "roll.xlsx"


# What a cell says


def test_texts_and_dates_are_read_as_they_are_seen(path: Path) -> None:
    assert read(write(path, HEADER, ZOE, NOE)) == SEEN


@pytest.mark.parametrize(
    ("value", "seen"),
    [
        (200101, "200101"),
        (200101.0, "200101"),
        (12345.5, "12345,5"),
        (200101123456789, "200101123456789"),
        (2001011234567890, "2,00101123456789E+15"),  # its last digits are lost: no number
        (True, "VRAI"),
        (datetime.fromisoformat("1950-03-07T10:30"), "07/03/1950 10:30:00"),
        (time(5, 6), "05:06:00"),
        (timedelta(hours=5), "5:00:00"),
    ],
)
def test_a_cell_of_any_kind_is_the_text_that_stands_there(
    path: Path, value: object, seen: str
) -> None:
    assert read(write(path, ["numero_adherent", "nom"], ["1", value]))[0][1] == seen


@pytest.mark.parametrize(
    "digits",
    ["00000000", "00000000;@", "0000000000", "00 000 000", r"0000\ 0000", '00" "000" "000',
     "00,000,000", "[$-40C]00000000", "0000\u202f0000"],
)  # fmt: skip
def test_zeros_that_only_the_format_shows_are_kept(path: Path, digits: str) -> None:
    def change(sheet: Worksheet) -> None:
        for row in (2, 3):
            sheet.cell(row, 1).number_format = digits

    found = read(write(path, HEADER, (7, *ZOE[1:]), (123456789, *NOE[1:]), change=change))
    width = digits.removeprefix("[$-40C]").count("0")
    assert [row[0] for row in found] == ["7".zfill(width), "123456789".zfill(width)]


@pytest.mark.parametrize("digits", ["# ##0", "#,##0", "0.00", "0E+00", "0,", '"A"0000'])
def test_a_format_of_another_kind_adds_no_zeros(path: Path, digits: str) -> None:
    def change(sheet: Worksheet) -> None:
        sheet["A2"].number_format = digits

    assert read(write(path, HEADER, (7, *ZOE[1:]), change=change))[0][0] == "7"


def test_a_table_that_begins_further_down_and_right_is_found_with_its_lines(path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        for row in (5, 6):
            sheet.cell(row, 3).number_format = "00000"
        sheet["C5"], sheet["C6"] = 1, 2

    blank: list[tuple[()]] = [()] * 3
    shifted = [(None, None, *row) for row in (HEADER, ZOE, NOE)]
    write(path, *blank, *shifted, change=change)
    with open_roll(path, How(TODAY)) as roll:
        found = list(roll.rows())
    assert [(line, cells and cells[0]) for line, cells in found] == [(5, "00001"), (6, "00002")]


def test_a_date_of_a_workbook_that_counts_from_1904_is_the_same_day(path: Path) -> None:
    assert read(write(path, HEADER, ZOE, NOE, epoch=CALENDAR_MAC_1904)) == SEEN


@pytest.mark.parametrize(
    ("epoch", "counts"), [(None, (18329, 17532)), (CALENDAR_MAC_1904, (16867, 16070))]
)
def test_a_column_of_counts_of_days_alone_is_read_as_dates_and_said(
    path: Path, epoch: object, counts: tuple[int, int]
) -> None:
    rows = [(*ZOE[:3], counts[0]), (*NOE[:3], counts[1])]
    write(path, HEADER, *rows, epoch=epoch)
    assert read(path) == SEEN
    with open_roll(path, How(TODAY)) as roll:
        assert "Colonne D : des numéros de jour" in " ".join(roll.told)


def test_counts_of_days_among_texts_are_not_guessed(path: Path) -> None:
    found = read(write(path, HEADER, (*ZOE[:3], 18329), (*NOE[:3], "31/12/1947")))
    assert found[0][3] == "18329"


def test_rows_that_a_filter_hides_are_read_and_said(path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        for row in (3, 9):  # the second has no cell
            sheet.row_dimensions[row].hidden = True

    write(path, HEADER, ZOE, NOE, change=change)
    assert read(path) == SEEN
    with open_roll(path, How(TODAY)) as roll:
        assert [note for note in roll.told if "masquée" in note] == [
            "1 ligne masquée, lue comme les autres : si un filtre devait les écarter, copiez ce "
            "qu’il montre dans un autre classeur."
        ]


def test_an_error_is_seen_though_its_cell_has_no_value(path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        sheet["B2"] = "#N/A"
        sheet["B2"].data_type = "e"

    assert read(write(path, HEADER, ZOE, NOE, change=change))[0][1] == "#N/A"


def test_a_sheet_is_read_whatever_prefix_its_writer_gives_the_names(path: Path) -> None:
    write(path, HEADER, ZOE, NOE)
    with zipfile.ZipFile(path) as book:
        told = book.read(SHEET).decode()
    prefixed = re.sub(r"<(/?)(?=[a-z])", r"<\1x:", told).replace("xmlns=", "xmlns:x=")
    assert read(repack(path, path.with_name("x.xlsx"), SHEET, prefixed)) == SEEN


# Which sheet


def _with_sheets(sheet: Worksheet) -> None:
    book = sheet.parent
    assert book is not None
    sheet.title, sheet.sheet_state = "Aide", "hidden"
    for title in ("Adhérents", "Anciens"):
        added = book.create_sheet(title)
        for row in (HEADER, ZOE if title == "Adhérents" else NOE):
            added.append(row)
    book.active = 1


def test_the_first_sheet_that_shows_is_read_and_the_others_are_said(path: Path) -> None:
    write(path, ["bonjour"], change=_with_sheets)
    assert read(path) == SEEN[:1]
    with open_roll(path, How(TODAY)) as roll:
        assert "feuille « Adhérents » (autres feuilles" in roll.told[0]
        assert "« Anciens »" in roll.told[0]
        assert "Aide" not in roll.told[0]


def test_another_sheet_is_chosen_by_its_name_whatever_its_case(path: Path) -> None:
    assert read(write(path, ["bonjour"], change=_with_sheets), sheet="anciens ") == SEEN[1:]


def test_a_sheet_that_is_not_there_is_answered_with_those_that_are(path: Path) -> None:
    said = refusal(write(path, ["bonjour"], change=_with_sheets), sheet="2026")
    assert "« 2026 » n’existe pas. Ce classeur a : « Aide », « Adhérents », « Anciens »" in said


@pytest.mark.parametrize("first", [["Export mensuel"], []])
def test_a_first_sheet_that_is_no_roll_is_answered_with_the_others(
    path: Path, first: list[str]
) -> None:
    def change(sheet: Worksheet) -> None:
        sheet.title = "Lisez-moi"
        assert sheet.parent is not None
        sheet.parent.create_sheet("Adhérents").append(HEADER)

    said = refusal(write(path, first, change=change))
    assert "La feuille lue est « Lisez-moi »" in said
    assert said.endswith("donnez son nom à --sheet : « Adhérents ».")


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


# OpenDocument


def ods(path: Path, cells: str) -> Path:
    """The sample workbook with rows of its own below a header of two columns."""
    with zipfile.ZipFile(ODS) as book:
        told = book.read("content.xml").decode()
    head = "".join(_text(name) for name in ("numero_adherent", "nom"))
    table = f"<table:table-row>{head}</table:table-row>{cells}</table:table>"
    told = re.sub(r"<table:table-row.*</table:table>", lambda _: table, told, flags=re.DOTALL)
    return repack(ODS, path, "content.xml", told)


def _text(told: str, more: str = "") -> str:
    return (
        f'<table:table-cell office:value-type="string"{more}><text:p>{told}</text:p>'
        "</table:table-cell>"
    )


def _row(*cells: str, repeated: int = 1) -> str:
    more = f' table:number-rows-repeated="{repeated}"' if repeated > 1 else ""
    return f"<table:table-row{more}>{''.join(cells)}</table:table-row>"


def _number(value: str, told: str) -> str:
    return (
        f'<table:table-cell office:value-type="float" office:value="{value}">'
        f"<text:p>{told}</text:p></table:table-cell>"
    )


@pytest.fixture
def page(tmp_path: Path) -> Path:
    return tmp_path / "roll.ods"


def test_zeros_that_an_opendocument_sheet_shows_are_kept(page: Path) -> None:
    numbers = (("200101", "00200101"), ("200102", "00 200 102"), ("7", "7"))
    rows = "".join(_row(_number(*each), _text("Zoé")) for each in numbers)
    assert [row[0] for row in read(ods(page, rows))] == ["00200101", "00200102", "7"]


def test_rows_that_a_filter_hides_in_an_opendocument_sheet_are_said(page: Path) -> None:
    hidden = _row(_text("2"), _text("Zoé")).replace("row>", 'row table:visibility="filter">', 1)
    empty = '<table:table-row table:visibility="collapse"><table:table-cell/></table:table-row>'
    with open_roll(ods(page, hidden + empty), How(TODAY)) as roll:
        assert any(note.startswith("1 ligne masquée, lue") for note in roll.told)


def test_empty_rows_repeated_to_the_end_of_the_sheet_cost_nothing(page: Path) -> None:
    empty = '<table:table-cell table:number-columns-repeated="16384"/>'
    rows = _row(_text("1"), _text("Zoé")) + _row(empty, repeated=1_048_574)
    assert read(ods(page, rows)) == [["1", "Zoé"]]


@pytest.mark.parametrize(("rows", "columns"), [(1_048_574, 1), (1, 16_000), (1_000_000, 16_000)])
def test_a_cell_repeated_over_the_sheet_is_refused_before_it_is_read(
    page: Path, rows: int, columns: int
) -> None:
    wide = _text("x", f' table:number-columns-repeated="{columns}"')
    said = refusal(ods(page, _row(_text("1"), _text("x"), *[wide] * 6, repeated=rows)))
    assert "colonnes" in said or "trop grand" in said


def test_an_opendocument_formula_without_its_result_is_refused(page: Path) -> None:
    cell = '<table:table-cell table:formula="of:=[.A1]"/>'
    assert "La cellule B2 contient une formule" in refusal(ods(page, _row(_text("1"), cell)))


def test_an_opendocument_error_is_seen(page: Path) -> None:
    error = _text("#N/A", ' calcext:value-type="error" table:formula="of:=NA()"')
    assert read(ods(page, _row(_text("1"), error)))[0][1] == "#N/A"


def test_merged_cells_of_an_opendocument_sheet_are_refused(page: Path) -> None:
    rows = _row(_text("1"), _text("Zoé", ' table:number-rows-spanned="2"')) + _row(
        _text("2"), "<table:covered-table-cell/>"
    )
    assert "Les cellules B2:B3 sont fusionnées" in refusal(ods(page, rows))


def test_an_opendocument_workbook_behind_a_password_is_refused(page: Path) -> None:
    manifest = "<manifest:manifest><manifest:encryption-data/></manifest:manifest>"
    assert "mot de passe" in refusal(repack(ODS, page, "META-INF/manifest.xml", manifest))
