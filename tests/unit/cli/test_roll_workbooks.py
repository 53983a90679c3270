"""Workbooks: what a clerk sees in a cell is read, whatever its format."""

import re
import zipfile
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet

from tests.workbooks import (
    HEADER,
    NOE,
    SEEN,
    SHEET,
    TODAY,
    ZOE,
    read,
    refusal,
    repack,
    write,
)
from webapp.cli.roll_files.opening import open_roll
from webapp.cli.roll_files.source import How


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
