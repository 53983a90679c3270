"""Cells of a workbook as the texts that a clerk sees there."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache

Value = int | float | str | bool | time | date | datetime | timedelta
EXACT = 10**15  # a spreadsheet keeps fifteen digits: the others of a longer number are lost
EPOCH = date(1899, 12, 30)  # as spreadsheets count from March 1900 on


def is_count(value: float) -> bool:
    """Whether a number may count days up to the end of this century."""
    return value.is_integer() and 1 <= value < 74_000


def counted(value: float, epoch: date) -> date:
    """The day that a spreadsheet counts so. It believes that there was a 29 February 1900."""
    early = epoch == EPOCH and value < 60
    return epoch + timedelta(days=int(value) + early)


def text(value: Value) -> str:
    """A whole number has no decimals; one that lost digits says so by its exponent."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "VRAI" if value else "FAUX"
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, datetime):
        day = _day(value.date())
        return day if value.time() == time() else f"{day} {value:%H:%M:%S}"
    if isinstance(value, date):
        return _day(value)
    return str(value)


def _number(value: float) -> str:
    if abs(value) >= EXACT:
        return f"{value:.14E}".replace(".", ",")
    return str(int(value)) if value.is_integer() else repr(value).replace(".", ",")


@lru_cache(maxsize=65_536)  # a roll repeats its dates
def _day(day: date) -> str:
    return f"{day.day:02}/{day.month:02}/{day.year:04}"
