"""Workbooks that a test writes, and how they are read."""

import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
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
