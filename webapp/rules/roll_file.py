"""The roll's file: its columns, its rows, and all that is wrong with one that can't be taken."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import TypeVar

from webapp.rules import credentials, postal
from webapp.rules.roll_values import (
    read_address,
    read_birth,
    read_code,
    read_day,
    read_lines,
    read_number,
    read_status,
    read_text,
)

NUMBER, CODE = "numero_adherent", "code_acces"
TEXTS = {  # column of the file: column of the roll, and how many characters it holds
    "civilite": ("civility", 20),
    "nom": ("last_name", 120),
    "prenom": ("first_name", 120),
    "contrat": ("contract", 200),
}
BIRTH, JOINED = "date_naissance", "date_adhesion"
DATES = {BIRTH: "birth_date", JOINED: "joined_on"}
TOWN_LINE = "adresse_ville"  # postcode and town below six lines, of which some say nothing
STATUS, DEATH = "statut", "date_deces"  # a day of death, where a file has it, says it too
ADDRESS = tuple(f"adresse_{at}" for at in range(1, postal.LINES + 1))
COLUMNS = (NUMBER, CODE, *TEXTS, *DATES, *ADDRESS, STATUS, DEATH)
JOINING_AHEAD = timedelta(days=366)  # contracts are signed before they begin

T = TypeVar("T")
Fact = str | date | None


class HeaderFault(ValueError):
    """The header can't be used. The message is a French sentence that says what to do."""


@dataclass(frozen=True)
class Header:
    """Where each known column stands; `unknown` are the names of the others, fit to be shown."""

    places: Mapping[str, int]
    width: int
    unknown: tuple[str, ...] = ()

    @property
    def address(self) -> list[int]:
        """Where the lines of the postal address stand, first line first."""
        return [self.places[name] for name in (*ADDRESS, TOWN_LINE) if name in self.places]


@dataclass(frozen=True, slots=True)
class RollRow:
    """A good row: `facts` holds the roll's columns that the file has, and no others."""

    number: str
    number_key: str
    access_code: str | None = field(repr=False)
    facts: Mapping[str, Fact]

    @property
    def identity(self) -> str:
        """Whose row it is."""
        return credentials.identity(self.number)


@dataclass(frozen=True, slots=True)
class BadRow:
    """Why a row can't be taken, and whose it is when that much can be read."""

    reasons: tuple[str, ...]
    identity: str | None = None


def read_row(header: Header, cells: Sequence[str], today: date) -> RollRow | BadRow:
    """The row in its normal form, or every reason against it. Nothing is cut off to make it fit."""
    if len(cells) != header.width and _slid(header, cells):
        # Cells that slid may put a code under another name: no value is shown.
        return BadRow(
            (
                f"{len(cells)} cellule(s), l’en-tête en a {header.width} : "
                "vérifiez les séparateurs et les guillemets",
            )
        )
    try:
        return _good_row(header, cells, today)
    except ValueError:
        return _bad_row(header, cells, today)


def _slid(header: Header, cells: Sequence[str]) -> bool:
    return len(cells) < header.width or any(cell.strip() for cell in cells[header.width :])


def _good_row(header: Header, cells: Sequence[str], today: date) -> RollRow:
    """The row; almost all are good. Raises ValueError at the first reason against it."""
    places = header.places
    number, number_key = read_number(cells[places[NUMBER]])
    code = read_code(cells[places[CODE]]) if CODE in places else None
    facts: dict[str, Fact] = {
        name: read_text(cells[places[column]], room)
        for column, (name, room) in TEXTS.items()
        if column in places
    }
    if (born := places.get(BIRTH)) is not None:
        facts[DATES[BIRTH]] = read_birth(cells[born], today)
    if (joined := places.get(JOINED)) is not None:
        facts[DATES[JOINED]] = read_day(cells[joined], today + JOINING_AHEAD)
    if found := header.address:
        facts["address"] = read_address([cells[place] for place in found])
    if STATUS in places or DEATH in places:
        facts["status"] = read_status(
            _cell(header, cells, STATUS), _cell(header, cells, DEATH), today
        )
    return RollRow(number, number_key, code, facts)


def _bad_row(header: Header, cells: Sequence[str], today: date) -> BadRow:
    """Every reason against a row that is not good."""
    reasons: list[str] = []

    def read(column: str, form: Callable[[str], T], absent: T) -> T:
        try:
            return form(cells[header.places[column]])
        except ValueError as fault:
            reasons.append(f"{column} {fault}")
            return absent

    number, _ = read(NUMBER, read_number, ("", ""))
    if CODE in header.places:
        read(CODE, read_code, None)
    for column, (_, room) in TEXTS.items():
        if column in header.places:
            read(column, partial(read_text, room=room), "")
    read_joined = partial(read_day, latest=today + JOINING_AHEAD)
    for column, form in ((BIRTH, partial(read_birth, today=today)), (JOINED, read_joined)):
        if column in header.places:
            read(column, form, None)
    for column in (name for name in ADDRESS if name in header.places):
        read(column, read_lines, list[str]())
    if not any(reason.startswith("adresse_") for reason in reasons):
        try:
            read_address([cells[place] for place in header.address])
        except ValueError as fault:
            reasons.append(f"adresse {fault}")
    if STATUS in header.places:
        read(STATUS, partial(read_status, death="", today=today), "")
    if DEATH in header.places:
        read(DEATH, partial(read_day, latest=today), None)
    return BadRow(tuple(reasons), credentials.identity(number) or None)


def _cell(header: Header, cells: Sequence[str], column: str) -> str:
    """A cell of a column that the file may not have."""
    place = header.places.get(column)
    return "" if place is None else cells[place]
