"""Cells of a workbook as the texts that a clerk sees there."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

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


def texts(row: Sequence[Value]) -> list[str]:
    """A row as it is seen. A whole number has no decimals; one that lost digits says so by its
    exponent."""
    return [value if type(value) is str else text(value) for value in row]


def text(value: Value) -> str:
    """One cell."""
    return _FORMS[type(value)](value)


def _moment(value: datetime) -> str:
    day = day_text(value.date())
    return day if value.time() == time() else f"{day} {value:%H:%M:%S}"


def _number(value: float) -> str:
    if abs(value) >= EXACT:
        return f"{value:.14E}".replace(".", ",")
    return str(int(value)) if value.is_integer() else repr(value).replace(".", ",")


@lru_cache(maxsize=65_536)  # a roll repeats its dates
def day_text(day: date) -> str:
    return f"{day.day:02}/{day.month:02}/{day.year:04}"


_FORMS: dict[type, Callable[[Any], str]] = {
    str: str,
    bool: lambda value: "VRAI" if value else "FAUX",
    int: str,
    float: _number,
    date: day_text,
    datetime: _moment,
    time: str,
    timedelta: str,
}
