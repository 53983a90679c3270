"""The cells of the roll's file: the form that each has, and why another one can't be taken.

Reasons are in French, for the operator who mends the file; none of them holds an access code.
"""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from webapp.rules import credentials, postal, statuses
from webapp.rules.roll_dates import EARLIEST, OUTER, REASONS, look
from webapp.rules.roll_guards import is_error

NUMBER_ROOM = 64
_BREAKS = re.compile(r"[ \t]*[\r\n]+[ \t]*")
_SPOILT = (
    "le tableur n’a pas gardé ce numéro : mettez la colonne au format texte, et reprenez-le de "
    "votre logiciel"
)
_MAY_BE_SECRET = re.compile(r"\d|^\s*[A-Z]{4}(-[A-Z]{4})+\s*$")
_TEXT_CELL = re.compile(r"""'(?P<typed>.+)|="(?P<formula>[^"]+)\"""")


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
    address = postal.joined([line for cell in cells for line in read_lines(cell)])
    if (count := len(postal.lines(address))) > postal.LINES:
        raise ValueError(f"de {count} lignes : attendu {postal.LINES} au plus")
    return address


def read_lines(cell: str) -> list[str]:
    """The lines of one cell of an address. Raises ValueError."""
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


def read_birth(raw: str, today: date) -> date | None:
    """A day of birth, neither before 1900 nor to come. Raises ValueError."""
    day = read_day(raw, today)
    if day is not None and not EARLIEST <= day <= today:
        raise ValueError(
            f"« {shown(raw.strip(OUTER))} » : attendu une date de naissance "
            "qui ne soit ni avant 1900 ni à venir"
        )
    return day
