"""Cells of the roll before they are read: wrapped numbers, rows cut short, totals."""

import re
from collections.abc import Sequence

from webapp.rules.roll_file import Header

WRAPPED = ("'", "=", "°", "º")  # no number has one of these: a glance at a column tells
_QUOTED = re.compile(r'\s*="(?P<text>[^"]*)"\s*')
_NUMERO = re.compile(r"\s*n(?:um(?:[ée]ro)?)?\s*[°º]\s*(?=\w)", re.IGNORECASE)
_TOTALS = re.compile(
    r"(?:sous[- ]?)?tota(?:l|ux)(?: g[ée]n[ée]ral)?(?: (?:des )?adh[ée]rents?)?|somme|"
    r"nombre(?: .*)?|"
    r"\d+ adh[ée]rents?|effectif.*|fin(?: de fichier| du fichier)?",
    re.IGNORECASE,
)
_IDENTITY = ("numero_adherent", "nom", "prenom")


def unwrapped(cell: str) -> str:
    """A number without the apostrophe or formula that kept its zeros, and without its « n° »."""
    if found := _QUOTED.fullmatch(cell):
        return found["text"]
    if cell.lstrip().startswith("'"):
        return cell.lstrip()[1:]
    return _NUMERO.sub("", cell, count=1) if _NUMERO.match(cell) else cell


def whole(header: Header, cells: list[str]) -> list[str]:
    """The row in its header's width where nothing is lost by it: empty last cells go or come.

    A row that ends before its number and names is left as it is: it was cut, or its line broken.
    """
    if len(cells) > header.width:
        return cells if any(map(str.strip, cells[header.width :])) else cells[: header.width]
    last = max(header.places.get(column, 0) for column in _IDENTITY)
    if last < len(cells) < header.width:
        return [*cells, *([""] * (header.width - len(cells)))]
    return cells


def totals(header: Header, cells: Sequence[str]) -> bool:
    """Whether a row counts the others: its first text says so, and it has no name."""
    first = next((cell.strip() for cell in cells if cell.strip()), "")
    return _TOTALS.fullmatch(first.rstrip(" :")) is not None and not any(
        cells[header.places[column]].strip()
        for column in _IDENTITY[1:]
        if header.places.get(column, len(cells)) < len(cells)
        and cells[header.places[column]].strip() != first
    )
