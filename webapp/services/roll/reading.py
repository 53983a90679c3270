"""The file's rows, chunk by chunk, as the columns of those that are good; the others are told."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from typing import Protocol, cast

from webapp.rules.roll_cells import totals
from webapp.rules.roll_columns import RollColumns, of_rows, read_columns
from webapp.rules.roll_file import BadRow, Header, RollRow, read_row
from webapp.rules.roll_values import shown

CHUNK = 1_000
_WORD = re.compile(r"[A-Z]{4}|^[A-Z]+$", re.MULTILINE)
BROKEN = BadRow(('guillemets mal fermés : doublez ceux qui sont dans un texte ("")',))

Cells = tuple[int, Sequence[str] | None]
Rows = Callable[[], Iterable[Cells]]  # each call reads the file from its beginning


class Listener(Protocol):
    """Who is told of rows that are no good member's."""

    def bad(self, line: int, row: BadRow) -> None:
        """A row that can't be taken."""

    def total(self, line: int, text: str) -> None:
        """A title or a total, and what it says."""


def good_rows(header: Header, rows: Rows, today: date, listener: Listener) -> Iterator[RollColumns]:
    """The good rows of the whole file, a chunk at a time, with their lines."""
    left = iter(rows())
    while chunk := list(islice(left, CHUNK)):
        lines = [line for line, _ in chunk]
        yield _at_once(header, chunk, today, lines) or _one_by_one(header, chunk, today, listener)


def _at_once(
    header: Header, chunk: list[Cells], today: date, lines: list[int]
) -> RollColumns | None:
    """None where a row may be bad, or no member's."""
    rows = [cells for _, cells in chunk if cells is not None]
    columns = read_columns(header, rows, today) if len(rows) == len(chunk) else None
    return None if columns is None or _may_hold_a_total(columns) else columns.at(lines)


def _may_hold_a_total(columns: RollColumns) -> bool:
    """Totals bear words as numbers, or stand in rows that are almost empty."""
    digits = columns.identities is columns.number_keys
    if not digits and _WORD.search("\n".join(columns.number_keys)):
        return True
    told = " ".join(cast(Sequence[str], columns.facts.get("last_name", ())))
    return "TOTAL" in told or "otal" in told


def _one_by_one(header: Header, chunk: list[Cells], today: date, listener: Listener) -> RollColumns:
    good, lines = list[RollRow](), list[int]()
    for line, cells in chunk:
        row = BROKEN if cells is None else read_row(header, cells, today)
        if cells and totals(header, cells):
            listener.total(line, shown(" ".join(filter(None, map(str.strip, cells)))))
        elif isinstance(row, BadRow):
            listener.bad(line, row)
        else:
            good.append(row)
            lines.append(line)
    return of_rows(good).at(lines)
