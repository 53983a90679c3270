"""Whom a typed number means.

Written as the mutual writes it, it means that member, whatever else is on the roll. Otherwise
separators, look-alikes and zeros in front are forgiven, where that leads to one member only.
"""

from collections.abc import Sequence
from typing import NamedTuple, Protocol, TypeVar

from sqlalchemy import ColumnElement, String, bindparam, select

from webapp.models import RollEntry
from webapp.rules import credentials
from webapp.services.kernel.work import Work

_NAMES = [f"reading_{at}" for at in range(credentials.NUMBER_MAX)]


class Numbered(Protocol):
    """An entry of the roll, or what was read of it."""

    @property
    def number(self) -> str: ...


Entry = TypeVar("Entry", bound=Numbered)


def may_be_meant() -> ColumnElement[bool]:
    """SQL: the entries that a typed number comes near; its parameters are those of `readings`."""
    return RollEntry.number_key.in_([bindparam(name, type_=String) for name in _NAMES])


def readings(number: str) -> dict[str, str]:
    """The parameters of `may_be_meant`."""
    forms = credentials.number_readings(number)
    return dict(zip(_NAMES, [*forms, *forms[:1] * len(_NAMES)], strict=False))


def meant(entries: Sequence[Entry], number: str) -> Entry | None:
    """Which of the entries that a number comes near it means."""
    exact = [each for each in entries if is_exact(each, number)]
    return (exact or entries)[0] if exact or len(entries) == 1 else None


def is_exact(entry: Numbered, number: str) -> bool:
    """Whether the number is typed as the mutual writes this one."""
    return credentials.identity(entry.number) == credentials.identity(number)


class Found(NamedTuple):
    """An entry of the roll, by its number."""

    id: int
    number: str


def find(work: Work, number: str) -> Found | None:
    """The entry that a typed number means."""
    asked = select(RollEntry.id, RollEntry.number).where(may_be_meant())
    return meant([Found(*row) for row in work.db.execute(asked, readings(number))], number)


def id_of(work: Work, number: str) -> int | None:
    """The same, by its id."""
    entry = find(work, number)
    return None if entry is None else entry.id


def bucket(entry: Numbered | None, number: str) -> str:
    """Whose tries a typed number counts among: its member's, however it is spelt, and no other's;
    or those of all numbers that come near it, where it means nobody."""
    if entry is not None:
        return credentials.identity(entry.number)
    return f"nobody's {credentials.number_readings(number)[0]}"
