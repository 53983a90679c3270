"""The roll's table, a chunk of members at a time, spelt the way that each database likes best."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date, datetime
from functools import cache, lru_cache, partial
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeGuard, TypeVarTuple

from sqlalchemy import (
    Column,
    Date,
    Dialect,
    Result,
    Select,
    String,
    bindparam,
    func,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.exc import IntegrityError, OperationalError

from webapp.models import Account, JoinedMember, RollEntry
from webapp.models.base import Moment, table
from webapp.rules import credentials
from webapp.rules.roll_guards import TEST_NUMBERS
from webapp.services.kernel.work import Work

if TYPE_CHECKING:
    from psycopg import Copy

Cell = str | bytes | date | int | None
Columns = Mapping[str, Sequence[Cell]]
Add = Callable[[Columns], None]
Row = TypeVarTuple("Row")

_TABLE, _ACCOUNT, _JOINED = table(RollEntry), table(Account), table(JoinedMember)


class KnownEntry(NamedTuple):
    """A member who is on the roll; `account_id` is None without a space, of their own or not."""

    id: int
    account_id: int | None
    number_key: str
    number: str
    civility: str
    last_name: str
    first_name: str
    birth_date: date | None
    contract: str
    joined_on: date | None
    status: str
    address: str
    missing_since: datetime | None
    code_mac: bytes
    code_issued_at: datetime
    replaced_mac: bytes | None

    @property
    def identity(self) -> str:
        """Whose entry it is."""
        return credentials.identity(self.number)


Change = tuple[KnownEntry, Mapping[str, object]]  # an entry and its new values, `entry_id` too


_ASKED = (
    select(
        *(
            func.coalesce(_ACCOUNT.c.id, _JOINED.c.account_id).label("account_id")
            if name == "account_id"
            else _TABLE.c[name]
            for name in KnownEntry._fields
        )
    )
    .outerjoin_from(_TABLE, _ACCOUNT, _ACCOUNT.c.roll_id == _TABLE.c.id)
    .outerjoin(_JOINED, _JOINED.c.roll_id == _TABLE.c.id)
)


class Among(Generic[*Row]):
    """A statement that asks for the rows whose column is one of many values. These come as one
    parameter: a thousand of them would each be worked on in Python."""

    def __init__(self, asked: Select[*Row], column: Column[Any]):
        listed = func.json_each(bindparam("values", type_=String)).table_valued("value").c.value
        array = bindparam("values", type_=ARRAY(column.type))
        self._asked = {
            "sqlite": asked.where(column.in_(select(listed))),
            "postgresql": asked.where(column == func.any(array)),
        }

    def rows(self, work: Work, values: Sequence[object]) -> Result[*Row]:
        """Those of these values."""
        kind = work.db.dialect.name
        told = json.dumps(values) if kind == "sqlite" else list(values)
        return work.db.execute(self._asked[kind], {"values": told})


_KNOWN = Among(_ASKED, _TABLE.c.number_key)
_LOCKED = select(_TABLE.c.id).order_by(_TABLE.c.id).with_for_update(key_share=True)
_HELD = Among(_LOCKED, _TABLE.c.number_key)
NOT_A_TEST = ~_TABLE.c.number_key.startswith(TEST_NUMBERS, autoescape=True)
_CHANGE = update(_TABLE).where(_TABLE.c.id == bindparam("entry_id"))
_ONE_COPY = 30  # chunks
_DAYS = 65_536  # remembered: they come again and again
_COPY_SIGNS = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


def known(work: Work, number_keys: Sequence[str]) -> dict[str, KnownEntry]:
    """Who is on the roll under these normal forms, by the identity of their numbers: members whom
    nobody asked for too, where a number only looks like theirs."""
    # all at once: fetched one by one, a row would cost more than SQLite takes to find it
    rows = map(KnownEntry._make, _KNOWN.rows(work, number_keys).all())
    # almost all numbers are their own normal form: no call for these
    return {row.number_key if row.number == row.number_key else row.identity: row for row in rows}


def held(work: Work, number_keys: Sequence[str]) -> dict[str, KnownEntry]:
    """`known`, read again under row locks that last until this work ends. On SQLite nothing is
    read: nobody else writes there meanwhile."""
    if work.db.dialect.name == "sqlite":
        return {}
    # a statement of its own: one that waited for a lock sees no account made in the meantime
    _HELD.rows(work, number_keys)
    return known(work, number_keys)


def last_id(work: Work) -> int:
    """The youngest entry of the roll; 0 when it is empty."""
    return work.db.scalar(select(func.max(_TABLE.c.id))) or 0


def of_ids(work: Work, ids: Sequence[int]) -> list[KnownEntry]:
    """These entries."""
    return list(map(KnownEntry._make, work.db.execute(_ASKED.where(_TABLE.c.id.in_(ids)))))


@contextmanager
def adding(work: Work, *, alone: bool) -> Iterator[Add]:
    """What adds members who are not on the roll: column by column, all of one length.

    `alone`: nothing else is asked of the database meanwhile, so that PostgreSQL may be told all
    of them in one go, and writes the last ones while the next are read.
    """
    if work.db.dialect.name == "sqlite":
        yield partial(_insert, work)
    elif alone:
        with _copying(work) as add:
            yield add
    else:
        yield partial(_copy, work)


def change(work: Work, entries: Sequence[Mapping[str, object]]) -> None:
    """New values of members who are on it, each with its `entry_id`: no other column is written."""
    alike: dict[tuple[str, ...], list[Mapping[str, object]]] = {}
    for entry in entries:
        alike.setdefault(tuple(entry), []).append(entry)
    for same_columns in alike.values():
        work.db.execute(_CHANGE, same_columns)


def _insert(work: Work, columns: Columns) -> None:
    """The driver's own `executemany`: SQLAlchemy would convert each row's values."""
    values = [
        list(map(turn, column)) if (turn := _stored(name, work.db.dialect)) else column
        for name, column in columns.items()
    ]
    places = ", ".join("?" * len(columns))
    work.db.exec_driver_sql(
        f"INSERT INTO roll ({', '.join(columns)}) VALUES ({places})",  # noqa: S608  # nosec B608 - our columns
        list(zip(*values, strict=True)),
    )


def _copy(work: Work, columns: Columns) -> None:
    with _copying(work) as add:
        add(columns)


@contextmanager
def _copying(work: Work) -> Iterator[Add]:
    """COPY, its text written here: the driver would write value by value."""
    driver = work.db.connection.driver_connection
    if driver is None:
        raise RuntimeError("the connection was given back")
    with ExitStack() as open_copy:
        copy: Copy | None = None
        added = 0

        def add(columns: Columns) -> None:
            nonlocal copy, added
            if added % _ONE_COPY == 0 or copy is None:
                open_copy.close()  # each statement has its time-out
                told = f"COPY roll ({', '.join(columns)}) FROM STDIN"
                copy = open_copy.enter_context(driver.cursor().copy(told))
            rows = map("\t".join, zip(*map(_copied, columns.values()), strict=True))
            copy.write("\n".join(rows) + "\n")
            added += 1

        with _as_ours(work):
            yield add
            open_copy.close()


@contextmanager
def _as_ours(work: Work) -> Iterator[None]:
    """The driver's errors, as SQLAlchemy raises them."""
    try:
        yield
    except work.db.dialect.loaded_dbapi.IntegrityError as error:
        raise IntegrityError("COPY roll", None, error, hide_parameters=True) from None
    except work.db.dialect.loaded_dbapi.Error as error:
        raise OperationalError("COPY roll", None, error, hide_parameters=True) from None


def _copied(column: Sequence[Cell]) -> Sequence[str]:
    """A column as COPY reads it."""
    if _are_bytes(column):
        return [rf"\\x{value.hex()}" for value in column]
    if not _are_texts(column):
        return list(map(_copied_day, column))
    told = "".join(column)
    plain = not any(sign in told for sign in "\\\t\n\r")
    return column if plain else [value.translate(_COPY_SIGNS) for value in column]


def _are_bytes(column: Sequence[Cell]) -> TypeGuard[Sequence[bytes]]:
    return isinstance(column[0], bytes)


def _are_texts(column: Sequence[Cell]) -> TypeGuard[Sequence[str]]:
    return isinstance(column[0], str)


@cache
def _stored(name: str, dialect: Dialect) -> Callable[[Cell], Cell] | None:
    """How SQLite stores a day or a moment of this column; None for what it takes as it is."""
    kind = _TABLE.c[name].type
    turn = kind.dialect_impl(dialect).bind_processor(dialect)
    return lru_cache(_DAYS)(turn) if turn and isinstance(kind, Date | Moment) else None


@lru_cache(_DAYS)
def _copied_day(value: Cell) -> str:
    """A day or a moment as COPY reads it."""
    return r"\N" if value is None else str(value)
