"""Rows of the roll before they are read: those cut short, totals."""

from collections.abc import Sequence

from webapp.rules.roll_file import Header
from webapp.rules.roll_guards import is_total_row
from webapp.rules.roll_headers import is_repeated

_IDENTITY = ("numero_adherent", "nom", "prenom")


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
    """Whether a row is a title or a total. The header said again is a title."""
    place = header.places["numero_adherent"]
    number = cells[place] if place < len(cells) else ""
    return is_repeated(header, cells) or is_total_row(
        number, [cell for at, cell in enumerate(cells) if at != place]
    )
