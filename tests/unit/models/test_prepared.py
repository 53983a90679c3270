"""Statements compiled once give what SQLAlchemy gives: values, errors, transactions."""

import pkgutil
from datetime import UTC, datetime, timedelta, timezone
from importlib import import_module
from types import NoneType
from typing import NamedTuple, get_args, get_type_hints

import pytest
from sqlalchemy import (
    Column,
    Dialect,
    Engine,
    Integer,
    bindparam,
    delete,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import psycopg
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.sql.compiler import SQLCompiler

from player.statements import Statements
from webapp import services
from webapp.models import Account, JournalEntry, Throttle
from webapp.models.base import Moment, table
from webapp.models.prepared import Prepared, PreparedChange

NOON = datetime(2026, 11, 28, 12, 0, 0, 7, UTC)
ENTRY = {"at": NOON, "event": "sign_in.done", "account_id": None, "roll_id": None,
         "origin": "127.0.0.1", "facts": {"by": "é"}}  # fmt: skip


class Entry(NamedTuple):
    at: datetime
    facts: dict[str, object]
    account_id: int | None


class Used(NamedTuple):
    used: int


WRITE = PreparedChange(insert(table(JournalEntry)))
READ = Prepared(Entry, select(JournalEntry.at, JournalEntry.facts, JournalEntry.account_id))
KEY = Prepared(
    Used,
    update(table(Throttle))
    .where(Throttle.key == bindparam("which"))
    .values(used=Throttle.used + bindparam("more"))
    .returning(Throttle.used),
)


def test_values_come_back_as_sqlalchemy_gives_them(engine: Engine) -> None:
    with engine.connect() as db:
        assert WRITE.run(db, ENTRY) == 1
        row = READ.one(db, {})
        assert tuple(row) == tuple(db.execute(READ.statement).one())
        assert (row.at, row.facts, row.account_id) == (NOON, {"by": "é"}, None)
        assert READ.first(db, {}) == row
        assert READ.all(db, {}) == [row]


def test_a_moment_of_another_zone_is_the_same_moment(engine: Engine) -> None:
    paris = NOON.astimezone(timezone(timedelta(hours=1)))
    with engine.connect() as db:
        WRITE.run(db, ENTRY | {"at": paris})
        assert READ.one(db, {}).at == NOON
        with pytest.raises(ValueError, match="time zone"):
            WRITE.run(db, ENTRY | {"at": NOON.replace(tzinfo=None)})


def test_nothing_found_is_none(engine: Engine) -> None:
    with engine.connect() as db:
        assert READ.first(db, {}) is None
        assert READ.all(db, {}) == []
        assert KEY.first(db, {"which": "nobody", "more": 2}) is None
        with pytest.raises(LookupError, match="no Entry"):
            READ.one(db, {})


def test_it_belongs_to_the_transaction(engine: Engine) -> None:
    with engine.connect() as db:
        WRITE.run(db, ENTRY)
        assert db.in_transaction()
        db.rollback()
        assert READ.all(db, {}) == []
        WRITE.run(db, ENTRY)
        db.commit()
    with engine.connect() as db:
        assert len(READ.all(db, {})) == 1


def test_two_sets_of_values_are_two_statements(engine: Engine) -> None:
    row = {"key": "k", "used": 1, "window_ends": NOON, "closed_until": NOON}
    change = PreparedChange(update(table(Throttle)).where(Throttle.key == bindparam("which")))
    with engine.connect() as db:
        assert PreparedChange(insert(table(Throttle))).run(db, row) == 1
        assert change.run(db, {"which": "k", "used": 5}) == 1
        assert change.run(db, {"which": "k", "used": 6, "closed_until": NOON}) == 1
        assert KEY.one(db, {"which": "k", "more": 2}) == Used(8)


def test_a_function_gets_the_database_s_own_insert(engine: Engine) -> None:
    row = {"key": "k", "used": 1, "window_ends": NOON, "closed_until": NOON}
    keep = PreparedChange(lambda insert: insert(table(Throttle)).on_conflict_do_nothing())
    with engine.connect() as db:
        assert [keep.run(db, row), keep.run(db, row)] == [1, 0]


def test_errors_are_sqlalchemy_s_and_tell_no_value(engine: Engine) -> None:
    row = {"key": "the secret key", "used": 1, "window_ends": NOON, "closed_until": NOON}
    write = PreparedChange(insert(table(Throttle)))
    with engine.connect() as db:
        write.run(db, row)
        with pytest.raises(IntegrityError) as told:
            write.run(db, row)
        assert "the secret key" not in str(told.value).partition("DETAIL")[0]
        db.rollback()


class One(NamedTuple):
    one: int


def test_so_are_those_that_come_while_rows_are_read(engine: Engine) -> None:
    overflowing = {  # at the second row
        "sqlite": "SELECT abs(value) AS one FROM json_each('[1, -9223372036854775808]')",
        "postgresql": "SELECT 1 / (2 - x) AS one FROM generate_series(1, 2) AS x",
    }
    statement = Prepared(One, text(overflowing[engine.dialect.name]).columns(one=Integer))
    with engine.connect() as db, pytest.raises(DBAPIError):
        statement.all(db, {})


def test_a_connection_that_was_cut_is_replaced(engine: Engine) -> None:
    if engine.dialect.name != "postgresql":
        pytest.skip("SQLite has no server to cut it")
    with engine.connect() as db, engine.connect() as other:
        pid = db.exec_driver_sql("SELECT pg_backend_pid()").scalar()
        db.rollback()
        other.exec_driver_sql(f"SELECT pg_terminate_backend({pid})")
        with pytest.raises(OperationalError):
            READ.first(db, {})
        assert db.invalidated


def test_what_counts_statements_counts_these(engine: Engine) -> None:
    with engine.connect() as db, Statements(engine) as run:
        WRITE.run(db, ENTRY)
        READ.all(db, {})
    assert len(run.seen) == 2
    assert len(run.writing) == 1


def test_what_it_cannot_do_it_refuses(engine: Engine) -> None:
    listed = Throttle.key.in_(bindparam("k", expanding=True))
    many = PreparedChange(delete(table(Throttle)).where(listed))
    defaults = PreparedChange(insert(table(Account)))
    with engine.connect() as db:
        with pytest.raises(ValueError, match="not to be prepared"):
            many.run(db, {"k": ["a"]})
        with pytest.raises(ValueError, match="default"):
            defaults.run(db, {"email": "odile@example.org"})


def test_columns_that_are_not_the_fields_of_the_row_stop_the_start() -> None:
    with pytest.raises(TypeError, match=r"Used has .*'used'.*, its statement .*'key'"):
        Prepared(Used, select(Throttle.key))
    with pytest.raises(TypeError, match="Entry"):
        Prepared(Entry, select(JournalEntry.facts, JournalEntry.at, JournalEntry.account_id))


def test_so_do_those_that_a_database_s_own_insert_returns_at_its_first_use(engine: Engine) -> None:
    row = {"key": "k", "used": 1, "window_ends": NOON, "closed_until": NOON}
    wrong = Prepared(Used, lambda insert: insert(table(Throttle)).returning(Throttle.key))
    with engine.connect() as db, pytest.raises(TypeError, match="Used"):
        wrong.first(db, row)


def all_statements() -> list[tuple[str, Prepared[Entry] | PreparedChange]]:
    modules = pkgutil.walk_packages(services.__path__, f"{services.__name__}.")
    return [
        (f"{module.__name__}.{name}", value)
        for module in (import_module(each.name) for each in modules)
        for name, value in vars(module).items()
        if isinstance(value, Prepared | PreparedChange)
    ]


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_the_rows_of_every_statement_are_of_the_types_that_its_columns_have(database: str) -> None:
    wrong = []
    statements = all_statements()
    for name, each in statements:
        if isinstance(each, PreparedChange):
            continue
        types = get_type_hints(each.row)
        for key, column in each._statement(database).exported_columns.items():
            may_be = get_args(types[key]) or (types[key],)
            moment = isinstance(column.type, Moment)
            if (datetime if moment else column.type.python_type) not in may_be:
                wrong.append((name, key, types[key], column.type))
            if isinstance(column, Column) and column.nullable and NoneType not in may_be:
                wrong.append((name, key, types[key], "may be null"))
    assert wrong == []
    assert len(statements) > 30


@pytest.mark.parametrize("database", [sqlite.dialect(), psycopg.dialect()])
def test_what_is_taken_from_sqlalchemy_beside_its_documented_names_is_still_there(
    database: Dialect,
) -> None:
    """Each name of webapp/models/prepared.py that a new SQLAlchemy may change without a word."""
    statement = insert(table(JournalEntry)).values(at=bindparam("at"), event="e")
    compiled = statement.compile(dialect=database, column_keys=["at"])
    assert isinstance(compiled, SQLCompiler)
    assert {parameter.key for parameter in compiled.bind_names} >= {"at"}
    assert compiled.params["event"] == "e"
    assert compiled.positiontup == (["at", "event"] if compiled.positional else None)
    assert list(compiled.insert_prefetch) == []
    assert not compiled.post_compile_params
    assert callable(JournalEntry.at.type.dialect_impl(database).bind_processor(database))
    assert callable(JournalEntry.at.type.dialect_impl(database).result_processor(database, None))


def test_who_listens_to_statements_is_found_in_the_engine_s_dispatch(engine: Engine) -> None:
    with Statements(engine):
        assert len(list(engine.dispatch.before_cursor_execute)) >= 1
