"""The roll's file: its columns, the form of each, and what is wrong with a row that has another.

Reasons are in French, for the operator who mends the file; none of them holds an access code.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache, partial
from typing import TypeVar

from webapp.rules import credentials, postal, statuses
from webapp.rules.roll_dates import EARLIEST, OUTER, REASONS, look
from webapp.rules.roll_guards import is_error

NUMBER, CODE = "numero_adherent", "code_acces"
NUMBER_ROOM = 64
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

_BREAKS = re.compile(r"[ \t]*[\r\n]+[ \t]*")
_SPOILT = (
    "le tableur n’a pas gardé ce numéro : mettez la colonne au format texte, et reprenez-le de "
    "votre logiciel"
)
_MAY_BE_SECRET = re.compile(r"\d|^\s*[A-Z]{4}(-[A-Z]{4})+\s*$")
_TEXT_CELL = re.compile(r"""'(?P<typed>.+)|="(?P<formula>[^"]+)\"""")

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
        facts[DATES[BIRTH]] = _birth(cells[born], today)
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
    for column, form in ((BIRTH, partial(_birth, today=today)), (JOINED, read_joined)):
        if column in header.places:
            read(column, form, None)
    for column in (name for name in ADDRESS if name in header.places):
        read(column, _lines, list[str]())
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


def shown(text: str, room: int = 60) -> str:
    """A value of the file as it may stand in a terminal: no control signs, no endless line."""
    clean = "".join(
        sign if sign.isprintable() or unicodedata.category(sign) == "Zs" else "\ufffd"
        for sign in text[: room + 1]
    )
    return clean if len(clean) <= room else clean[: room - 1] + "…"


def shown_header(cells: Sequence[str]) -> str:
    """What was found for a header: maybe a first member, whose code is not for the screen."""
    told = ("…" if _MAY_BE_SECRET.search(cell) else " ".join(cell.split()) for cell in cells)
    return shown(";".join(told), 200)


def read_text(raw: str, room: int) -> str:
    """Trimmed, NFC, a line break inside quotes read as a space. Raises ValueError."""
    text = raw.strip(OUTER)
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    if text.isprintable() and len(text) <= room:
        return text
    if "\n" in text or "\r" in text:
        text = _BREAKS.sub(" ", text)
    if not text.isprintable() and credentials.has_control_characters(text):
        raise ValueError(
            f"« {shown(text)} » : attendu un texte sans caractère de contrôle (« \ufffd »)"
        )
    if len(text) > room:
        raise ValueError(
            f"« {shown(text)} » : attendu {room} caractères au plus, il y en a {len(text)}"
        )
    return text


def read_address(cells: Sequence[str]) -> str:
    """The lines of an envelope; a cell may hold several. Raises ValueError."""
    address = postal.joined([line for cell in cells for line in _lines(cell)])
    if (count := len(postal.lines(address))) > postal.LINES:
        raise ValueError(f"de {count} lignes : attendu {postal.LINES} au plus")
    return address


def _lines(cell: str) -> list[str]:
    return [read_text(line, postal.LINE_ROOM) for line in _BREAKS.split(cell.strip(OUTER))]


@lru_cache(maxsize=4_096)
def read_status(raw: str, death: str, today: date) -> str:
    """What the file says of a membership; a day of death says it too. Raises ValueError."""
    if read_day(death, today) is not None:
        return statuses.DECEASED
    try:
        return statuses.read_status(raw)
    except ValueError as fault:
        raise ValueError(f"« {shown(raw)} » : {fault}") from fault


def _cell(header: Header, cells: Sequence[str], column: str) -> str:
    """A cell of a column that the file may not have."""
    place = header.places.get(column)
    return "" if place is None else cells[place]


def read_number(raw: str) -> tuple[str, str]:
    """A member number as the mutual writes it, and in its normal form. Raises ValueError."""
    number = _of_text_cell(read_text(raw, NUMBER_ROOM))
    form = f"attendu 1 à {credentials.NUMBER_MAX} lettres sans accent ou chiffres"
    if not number:
        raise ValueError(f"vide : {form}")
    number_key = credentials.member_number(number)
    if number_key is None:
        raise ValueError(f"« {shown(number)} » : {_SPOILT if is_error(number) else form}")
    return number, number_key


def _of_text_cell(cell: str) -> str:
    """Without what a spreadsheet needs to keep zeros: « '0012 » and « ="0012" » are « 0012 »."""
    told = _TEXT_CELL.fullmatch(cell)
    return cell if told is None else told["typed"] or told["formula"]


def read_code(raw: str) -> str | None:
    """An access code in its normal form, None for an empty cell. Raises ValueError."""
    if not raw.strip(OUTER):
        return None
    code = credentials.access_code(_of_text_cell(raw.strip(OUTER)))
    if code is None:
        raise ValueError(
            f"(valeur non affichée) : attendu {credentials.ACCESS_CODE_MIN} à "
            f"{credentials.ACCESS_CODE_MAX} lettres sans accent ou chiffres"
        )
    return code


_DAYS_MAX = 65_536  # two centuries of them, in all forms


class Days(dict[str, date | None]):
    """What each text of a column of dates means, looked at once: a roll repeats its dates.

    `latest` is the last day that a year of two digits may lead to. An empty text is no date, and
    so is one that says that it is not known. Looking up any other raises ValueError.
    """

    def __init__(self, latest: date):
        self._latest = latest

    def __missing__(self, raw: str) -> date | None:
        kind, day = look(raw, self._latest)
        if reason := REASONS.get(kind):
            raise ValueError(f"« {shown(raw.strip(OUTER))} » : {reason}")
        if len(self) >= _DAYS_MAX:
            self.clear()
        self[raw] = day
        return day


days_until = lru_cache(maxsize=8)(Days)


def read_day(raw: str, latest: date) -> date | None:
    """One text of a column of dates. Raises ValueError."""
    return days_until(latest)[raw]


def _birth(raw: str, today: date) -> date | None:
    day = read_day(raw, today)
    if day is not None and not EARLIEST <= day <= today:
        raise ValueError(
            f"« {shown(raw.strip(OUTER))} » : attendu une date de naissance "
            "qui ne soit ni avant 1900 ni à venir"
        )
    return day
