"""Cells of an OpenDocument spreadsheet, read and written in place: whatever is not asked for stays."""

from copy import deepcopy
from typing import Any

from lxml import etree

TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
CALCEXT = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_CELLS = (f"{TABLE}table-cell", f"{TABLE}covered-table-cell")
_COUNT = f"{TABLE}number-columns-repeated"
_ROWS = f"{TABLE}number-rows-repeated"
_VALUE_TYPES = (f"{OFFICE}value-type", f"{CALCEXT}value-type")
_VALUES = (f"{OFFICE}value", f"{OFFICE}string-value")


class Sheet:
    """One sheet. Rows and columns count from 1, as people name them."""

    def __init__(self, table: Any):
        self._rows: list[Any] = []
        for row in table.iter(f"{TABLE}table-row"):
            self._rows += [row] * min(int(row.get(_ROWS, "1")), 200)  # the last ones fill the sheet

    def text(self, row: int, column: int) -> str:
        """What the cell shows."""
        return "\n".join(
            "".join(each.itertext()) for each in self._cell(row, column).iter(f"{TEXT}p")
        )

    def formula(self, row: int, column: int) -> str:
        """The cell's formula, if it has one."""
        return str(self._cell(row, column).get(f"{TABLE}formula", ""))

    def write(self, row: int, column: int, value: str | float) -> None:
        """The cell's value; of a formula, what it comes to. Style, validation and formula stay."""
        cell = self._cell(row, column)
        for name in (*_VALUE_TYPES, *_VALUES):
            cell.attrib.pop(name, None)
        for child in cell.findall(f"{TEXT}p"):
            cell.remove(child)
        if value == "":
            return
        kind = "string" if isinstance(value, str) else "float"
        for name in _VALUE_TYPES:
            cell.set(name, kind)
        if kind == "float":
            cell.set(f"{OFFICE}value", f"{value:.15g}")
        elif cell.get(f"{TABLE}formula"):
            cell.set(f"{OFFICE}string-value", str(value))
        for line in _lines(value):
            etree.SubElement(cell, f"{TEXT}p").text = line

    def _cell(self, row: int, column: int) -> Any:
        """The cell alone: taken out of a run of equal ones first."""
        at = 0
        for cell in self._rows[row - 1]:
            if cell.tag not in _CELLS:
                continue
            run = int(cell.get(_COUNT, "1"))
            if at + run >= column:
                return _alone(cell, column - at - 1, run) if run > 1 else cell
            at += run
        raise LookupError(f"no cell at row {row}, column {column}")


def sheets(content: Any) -> dict[str, Sheet]:
    """Those of a content.xml, by name."""
    return {each.get(f"{TABLE}name"): Sheet(each) for each in content.iter(f"{TABLE}table")}


def _alone(cell: Any, before: int, run: int) -> Any:
    """Splits a run of equal cells around one of them, which is returned."""
    for count, place in ((before, cell.addprevious), (run - before - 1, cell.addnext)):
        if count:
            rest = deepcopy(cell)
            _repeat(rest, count)
            place(rest)
    _repeat(cell, 1)
    return cell


def _repeat(cell: Any, count: int) -> None:
    cell.attrib.pop(_COUNT, None)
    if count > 1:
        cell.set(_COUNT, str(count))


def _lines(value: str | float) -> list[str]:
    if isinstance(value, str):
        return value.split("\n")
    return [f"{value:.15g}".replace(".", ",")]
