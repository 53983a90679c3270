"""Statements compiled once give what SQLAlchemy gives: values, errors, transactions."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Engine, Integer, bindparam, delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from player.statements import Statements
from webapp.models import Account, JournalEntry, Throttle
from webapp.models.base import table
from webapp.models.prepared import Prepared

NOON = datetime(2026, 11, 28, 12, 0, 0, 7, UTC)
ENTRY = {"at": NOON, "event": "sign_in.done", "account_id": None, "roll_id": None,
         "origin": "127.0.0.1", "facts": {"by": "é"}}  # fmt: skip
WRITE = Prepared(insert(table(JournalEntry)))
READ = Prepared(select(JournalEntry.at, JournalEntry.facts, JournalEntry.account_id))
KEY = Prepared(
    update(table(Throttle))
    .where(Throttle.key == bindparam("which"))
    .values(used=Throttle.used + bindparam("more"))
    .returning(Throttle.used)
)


def test_values_come_back_as_sqlalchemy_gives_them(engine: Engine) -> None:
    with engine.connect() as db:
        assert WRITE.run(db, ENTRY) == 1
        row = READ.first(db, {})
        assert tuple(row) == tuple(db.execute(READ.statement).one())
        assert (row.at, row.facts, row.account_id) == (NOON, {"by": "é"}, None)
        assert READ.scalar(db, {}) == NOON
        assert READ.all(db, {}) == [row]


def test_a_moment_of_another_zone_is_the_same_moment(engine: Engine) -> None:
    paris = NOON.astimezone(timezone(timedelta(hours=1)))
    with engine.connect() as db:
        WRITE.run(db, ENTRY | {"at": paris})
        assert READ.scalar(db, {}) == NOON
        with pytest.raises(ValueError, match="time zone"):
            WRITE.run(db, ENTRY | {"at": NOON.replace(tzinfo=None)})


def test_nothing_found_is_none(engine: Engine) -> None:
    with engine.connect() as db:
        assert READ.first(db, {}) is None
        assert READ.scalar(db, {}) is None
        assert READ.all(db, {}) == []
        assert KEY.scalar(db, {"which": "nobody", "more": 2}) is None


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
    change = Prepared(update(table(Throttle)).where(Throttle.key == bindparam("which")))
    with engine.connect() as db:
        assert Prepared(insert(table(Throttle))).run(db, row) == 1
        assert change.run(db, {"which": "k", "used": 5}) == 1
        assert change.run(db, {"which": "k", "used": 6, "closed_until": NOON}) == 1
        assert KEY.scalar(db, {"which": "k", "more": 2}) == 8


def test_a_function_gets_the_database_s_own_insert(engine: Engine) -> None:
    row = {"key": "k", "used": 1, "window_ends": NOON, "closed_until": NOON}
    keep = Prepared(lambda insert: insert(table(Throttle)).on_conflict_do_nothing())
    with engine.connect() as db:
        assert [keep.run(db, row), keep.run(db, row)] == [1, 0]


def test_errors_are_sqlalchemy_s_and_tell_no_value(engine: Engine) -> None:
    row = {"key": "the secret key", "used": 1, "window_ends": NOON, "closed_until": NOON}
    write = Prepared(insert(table(Throttle)))
    with engine.connect() as db:
        write.run(db, row)
        with pytest.raises(IntegrityError) as told:
            write.run(db, row)
        assert "the secret key" not in str(told.value).partition("DETAIL")[0]
        db.rollback()


def test_so_are_those_that_come_while_rows_are_read(engine: Engine) -> None:
    overflowing = {  # at the second row
        "sqlite": "SELECT abs(value) AS one FROM json_each('[1, -9223372036854775808]')",
        "postgresql": "SELECT 1 / (2 - x) AS one FROM generate_series(1, 2) AS x",
    }
    statement = Prepared(text(overflowing[engine.dialect.name]).columns(one=Integer))
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
    many = Prepared(delete(table(Throttle)).where(Throttle.key.in_(bindparam("k", expanding=True))))
    defaults = Prepared(insert(table(Account)))
    with engine.connect() as db:
        with pytest.raises(ValueError, match="not to be prepared"):
            many.run(db, {"k": ["a"]})
        with pytest.raises(ValueError, match="default"):
            defaults.run(db, {"email": "odile@example.org"})
