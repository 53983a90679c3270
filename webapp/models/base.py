"""What all tables share: names of constraints, and moments that are UTC in both databases."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import cast

from sqlalchemy import BigInteger, DateTime, Dialect, Index, Integer, MetaData, Table, text
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

_TEXT = len("2026-11-24 02:37:19.000000")

BigId = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts up only on INTEGER keys


class Moment(TypeDecorator[datetime]):
    """An instant: aware UTC in Python, `timestamptz` in PostgreSQL, naive UTC text in SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(
        self, dialect: Dialect
    ) -> Callable[[datetime | None], str | datetime | None]:
        """How it goes into the database."""
        return _as_text if dialect.name == "sqlite" else _in_utc

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[..., datetime | None]:
        """How it comes out."""
        return _from_text if dialect.name == "sqlite" else _in_utc


def _in_utc(value: datetime | None) -> datetime | None:
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError("a moment without its time zone cannot be stored")
    return value if value.tzinfo is UTC else value.astimezone(UTC)


def _as_text(value: datetime | None) -> str | None:
    utc = _in_utc(value)
    return None if utc is None else utc.isoformat(" ", "microseconds")[:_TEXT]


def _from_text(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value[:_TEXT] + "+00:00")


def partial_index(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """An index of the rows that meet a condition alone.

    The migrations made it on both databases. Here SQLAlchemy is told in SQLite's way: to be told in
    PostgreSQL's, it would load all that it knows of that database at each start.
    """
    return Index(name, *columns, unique=unique, sqlite_where=text(where), info={"where": where})


class Base(DeclarativeBase):
    """The one declarative base; `datetime` is a `Moment`, `int` has 64 bits."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {datetime: Moment, int: BigInteger}


def table(mapped: type[Base]) -> Table:
    """The table of a mapping, for statements that are built once, when the program starts."""
    return cast(Table, mapped.__table__)
