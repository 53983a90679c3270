"""Dates as people and spreadsheets write them.

A year of two digits is the latest one that the date can have: nobody is born tomorrow. Day and
month are never exchanged to make a date fit. What stands for « we don't know » is no date.
"""

import re
from datetime import date
from enum import Enum
from functools import lru_cache

from webapp.rules.accents import unaccented

OUTER = " \t\r\n\u00a0\u202f"  # not str.strip(), which would also hide control characters
EARLIEST = date(1900, 1, 1)
EXPECTED = "attendu une date qui existe, AAAA-MM-JJ ou JJ/MM/AAAA"

# A zone goes with midnight alone: « 1950-03-06T23:00:00Z » is a birth on the 7th, in Paris.
_TIME = (
    r"(?:[ T]\s*\d{1,2}[:h]\d\d(?::\d\d(?:[.,]\d+)?)?"
    r"|T00:00(?::00(?:\.0+)?)?(?:Z|[+-]\d\d:?\d\d))?"
)
_ISO = re.compile(r"(?P<year>\d{4})([-/])(?P<month>\d\d?)\2(?P<day>\d\d?)" + _TIME, re.ASCII)
_FRENCH = re.compile(
    r"(?P<day>\d\d?)\s?([-/. ])\s?(?P<month>\d\d?)\s?\2\s?(?P<year>\d{4}|\d\d)" + _TIME, re.ASCII
)
_WORDS = re.compile(
    r"(?:[a-z]+\.?,? )?(?P<day>\d\d?)(?:er)?[ ./-]{1,2}(?P<month>[a-z]{3,9})\.?[ ./-]{1,2}"
    r"(?P<year>\d{4}|\d\d)" + _TIME.lower(),
    re.ASCII,
)
_TOGETHER_ISO = re.compile(
    r"(?P<year>(?:19|20)\d\d)(?P<month>0[1-9]|1[0-2])(?P<day>\d\d)", re.ASCII
)
_TOGETHER = re.compile(r"(?P<day>\d\d)(?P<month>0[1-9]|1[0-2])(?P<year>(?:19|20)\d\d)", re.ASCII)
_SERIAL = re.compile(r"(?!(?:19|20)\d\d$)[1-9]\d{3,4}(?:[.,]\d+)?", re.ASCII)
_MONTHS = (
    "janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre",
    "octobre", "novembre", "decembre",
)  # fmt: skip
_SHORT = {"janv": 1, "jan": 1, "fev": 2, "fevr": 2, "avr": 4, "juil": 7, "sept": 9, "sep": 9}
_SHORT |= {"oct": 10, "nov": 11, "dec": 12, "jun": 6, "jul": 7, "aou": 8, "mar": 3}  # no « jui »
_STAND_INS = """
    inconnue inconnu inconnu(e) nc n.c. nd n.d. nr n.r. np - -- ? ??? neant aucune non_renseigne
    non_renseignee non_communique non_communiquee non_connue date_inconnue 00/00/0000 00/00/00
    00-00-0000 00.00.0000 0000-00-00 0000/00/00 00000000 0 00/00/1900 00/01/1900 01/01/1900
    1/1/1900 01.01.1900 01-01-1900 1900-01-01 1900-01-00 19000101 01011900 30/12/1899 1899-12-30
    01/01/0001 0001-01-01 00:00:00 n/a null
"""
_UNKNOWN = frozenset(_STAND_INS.split())


class Kind(Enum):
    """How a date is written, or why it is none."""

    WHOLE = "whole"
    TWO_DIGITS = "two digits"  # of its year
    UNKNOWN = "unknown"
    EXCHANGED = "exchanged"  # day and month
    SERIAL = "serial"  # a spreadsheet's count of days, without its format
    NONE = "none"


REASONS = {
    Kind.EXCHANGED: "le mois et le jour semblent échangés, attendu JJ/MM/AAAA",
    Kind.SERIAL: "un numéro de jour de tableur : mettez la colonne au format date",
    Kind.NONE: EXPECTED,
}


@lru_cache(maxsize=65_536)  # a roll repeats its dates: two centuries of them
def look(raw: str, latest: date) -> tuple[Kind, date | None]:
    """What a cell of a column of dates holds."""
    text = raw.strip(OUTER)
    if not text:
        return Kind.WHOLE, None
    plain = _plain(text)
    if plain.replace(" ", "_").split("_00:00")[0] in _UNKNOWN:
        return Kind.UNKNOWN, None
    for form in (_ISO, _FRENCH, _TOGETHER_ISO, _TOGETHER, _WORDS):
        if found := form.fullmatch(plain if form is _WORDS else text):
            month = found["month"]
            at = int(month) if month.isdecimal() else _month(month)
            kind, day = _found(found["year"], at, int(found["day"]), latest)
            return (kind if day or form is _FRENCH else Kind.NONE), day
    return (Kind.SERIAL if _SERIAL.fullmatch(text) else Kind.NONE), None


def _found(year: str, month: int, day: int, latest: date) -> tuple[Kind, date | None]:
    short = len(year) == 2
    for full in (2000 + int(year), 1900 + int(year)) if short else (int(year),):
        try:
            told = date(full, month, day)
        except ValueError:
            continue
        if not short or told <= latest:
            return (Kind.TWO_DIGITS if short else Kind.WHOLE), told
    exchanged = month > 12 and 1 <= day <= 12 and month <= 31
    return (Kind.EXCHANGED if exchanged else Kind.NONE), None


def _month(word: str) -> int:
    """Zero for a word that is none."""
    return _MONTHS.index(word) + 1 if word in _MONTHS else _SHORT.get(word, 0)


def _plain(text: str) -> str:
    return " ".join(unaccented(text.lower()).split())
