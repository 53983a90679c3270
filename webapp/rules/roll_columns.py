"""Rows of the roll read a column at a time, where that tells as much as reading them one by one.

Almost all rows of almost all files are good. What a column cannot tell at a glance is left to
`roll_file.read_row`, which knows what is wrong and how to say it.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import compress, repeat

from webapp.rules import credentials, postal
from webapp.rules.roll_dates import EARLIEST
from webapp.rules.roll_file import (
    BIRTH,
    CODE,
    DATES,
    DEATH,
    JOINED,
    JOINING_AHEAD,
    NUMBER,
    STATUS,
    TEXTS,
    Fact,
    Header,
    RollRow,
)
from webapp.rules.roll_values import (
    NUMBER_ROOM,
    days_until,
    read_address,
    read_code,
    read_number,
    read_status,
    read_text,
)


@dataclass(frozen=True, slots=True)
class RollColumns:
    """Good rows: the first of each column are one member's. `facts` has the file's columns only;
    `lines`: where each row starts."""

    numbers: Sequence[str]
    identities: Sequence[str]  # of these numbers
    number_keys: Sequence[str]
    access_codes: Sequence[str | None]
    facts: Mapping[str, Sequence[Fact]]
    lines: Sequence[int] = ()

    def row(self, at: int) -> RollRow:
        """One member's."""
        facts = {name: column[at] for name, column in self.facts.items()}
        return RollRow(self.numbers[at], self.number_keys[at], self.access_codes[at], facts)

    def only(self, kept: Sequence[bool]) -> "RollColumns":
        """The rows for which it says so."""
        return RollColumns(
            list(compress(self.numbers, kept)),
            list(compress(self.identities, kept)),
            list(compress(self.number_keys, kept)),
            list(compress(self.access_codes, kept)),
            {name: list(compress(column, kept)) for name, column in self.facts.items()},
            list(compress(self.lines, kept)),
        )

    def at(self, lines: Sequence[int]) -> "RollColumns":
        """The same rows, with the lines on which they start."""
        return replace(self, lines=lines)


def of_rows(rows: Sequence[RollRow]) -> RollColumns:
    """Rows of one file that were read one by one."""
    names = rows[0].facts if rows else ()
    return RollColumns(
        [row.number for row in rows],
        [row.identity for row in rows],
        [row.number_key for row in rows],
        [row.access_code for row in rows],
        {name: [row.facts[name] for row in rows] for name in names},
    )


def read_columns(header: Header, rows: Sequence[Sequence[str]], today: date) -> RollColumns | None:
    """What `read_row` makes of each row, None when one of them may be bad."""
    if set(map(len, rows)) != {header.width}:
        return None
    cells = list(zip(*rows, strict=True))
    places = header.places
    try:
        numbers = _texts(cells[places[NUMBER]], NUMBER_ROOM)
        texts = {
            name: _texts(cells[places[column]], room)
            for column, (name, room) in TEXTS.items()
            if column in places
        }
        days = {
            DATES[column]: list(map(days_until(latest).__getitem__, cells[places[column]]))
            for column, latest in ((BIRTH, today), (JOINED, today + JOINING_AHEAD))
            if column in places
        }
        whereabouts = _whereabouts(header, cells, today)
        codes = _codes(cells[places[CODE]]) if CODE in places else [None] * len(rows)
        numbers, identities, keys = _forms(numbers)
    except ValueError:
        return None
    if not _may_be_born(days.get(DATES[BIRTH], ()), today):
        return None
    return RollColumns(numbers, identities, keys, codes, {**texts, **days, **whereabouts})


def _whereabouts(
    header: Header, cells: Sequence[Sequence[str]], today: date
) -> dict[str, Sequence[Fact]]:
    """Address and status, as far as the file has them. Raises ValueError."""
    facts: dict[str, Sequence[Fact]] = {}
    if found := header.address:
        facts["address"] = _addresses([cells[place] for place in found])
    told = [cells[header.places[name]] for name in (STATUS, DEATH) if name in header.places]
    if told:
        blank = [""] * len(told[0])
        status = told[0] if STATUS in header.places else blank
        death = told[-1] if DEATH in header.places else blank
        facts["status"] = list(map(read_status, status, death, repeat(today)))
    return facts


def _addresses(columns: Sequence[Sequence[str]]) -> list[str]:
    """Raises ValueError."""
    if any("\n" in told or "\r" in told for told in map("".join, columns)):
        return list(map(read_address, zip(*columns, strict=True)))  # several lines in a cell
    lines = (_texts(column, postal.LINE_ROOM) for column in columns)
    addresses = list(map(postal.joined, zip(*lines, strict=True)))
    if len(columns) > postal.LINES and any(told.count("\n") >= postal.LINES for told in addresses):
        raise ValueError("more lines than an envelope has")
    return addresses


def _texts(cells: Sequence[str], room: int) -> list[str]:
    """Raises ValueError."""
    told = " ".join(cells)  # a blank joins nothing: normal as a whole is normal one by one
    if told.isprintable() and (told.isascii() or unicodedata.is_normalized("NFC", told)):
        texts = list(map(str.strip, cells))  # the one printable white sign is the plain blank
        if max(map(len, texts)) <= room:
            return texts
    return [read_text(cell, room) for cell in cells]


def _forms(numbers: list[str]) -> tuple[list[str], list[str], list[str]]:
    """The numbers, their identities, their normal forms. Raises ValueError."""
    told = "".join(numbers)
    if told.isascii() and told.isdigit():
        sizes = set(map(len, numbers))
        if min(sizes) > 0 and max(sizes) <= credentials.NUMBER_MAX:
            return numbers, numbers, numbers
    read = [read_number(number) for number in numbers]
    numbers = [number for number, _ in read]
    return numbers, list(map(credentials.identity, numbers)), [key for _, key in read]


def _codes(cells: Sequence[str]) -> Sequence[str | None]:
    """Raises ValueError."""
    if not any(cells):
        return [None] * len(cells)
    return credentials.access_codes(cells) or [read_code(cell) for cell in cells]


def _may_be_born(days: Sequence[date | None], today: date) -> bool:
    told = {day for day in days if day is not None}
    return not told or (min(told) >= EARLIEST and max(told) <= today)
