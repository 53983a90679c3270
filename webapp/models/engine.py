"""The engine: one way to open SQLite and PostgreSQL so that both keep the same promises."""

import os
import sqlite3
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import OperationalError

CONNECT_SECONDS, STATEMENT_SECONDS, POOL_SECONDS = 5, 5, 5
SQLITE_BUSY_MS = 10_000
ROOM_BYTES = 64 * 1024  # less, and the next few commits fail


def open_engine(url: str, pool_size: int = 20) -> Engine:
    """An engine for a SQLAlchemy URL; the folder of a SQLite file is made when it is missing.

    Raises sqlalchemy.exc.ArgumentError for a URL that it can't read.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _open_sqlite(url, pool_size)
    if parsed.drivername in ("postgresql", "postgres"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    return create_engine(
        parsed,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=POOL_SECONDS,
        pool_pre_ping=True,
        hide_parameters=True,  # errors are logged, what members typed is not
        isolation_level="READ COMMITTED",  # what the conditional updates rely on
        connect_args={
            "connect_timeout": CONNECT_SECONDS,
            # a server whose machine vanished is given up in seconds, not in the quarter of an hour
            # that TCP would wait
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "tcp_user_timeout": STATEMENT_SECONDS * 2000,
            "options": f"-c statement_timeout={STATEMENT_SECONDS}s -c timezone=UTC",
        },
    )


def has_room(engine: Engine) -> bool:
    """Whether an embedded database's disk can be written to. A server looks after its own."""
    path = engine.url.database
    if engine.dialect.name != "sqlite" or not path or path == ":memory:":
        return True
    disk = os.statvfs(Path(path).parent)
    return disk.f_bavail * disk.f_frsize >= ROOM_BYTES and not disk.f_flag & os.ST_RDONLY


def _open_sqlite(url: str, pool_size: int) -> Engine:
    path = make_url(url).database
    if path and path != ":memory:" and not path.startswith("file:"):
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    turns = type("InTurn", (_InTurn,), {"turn": Lock()})  # one lock an engine
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=POOL_SECONDS,
        hide_parameters=True,
        connect_args={"factory": turns},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # transactions begin where _begin_sqlite says
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",  # what was answered survives a power cut
        "foreign_keys=ON",
        "secure_delete=ON",
        f"busy_timeout={SQLITE_BUSY_MS}",
    ):
        connection.execute(f"PRAGMA {pragma}")


class _InTurn(sqlite3.Connection):
    """A connection whose writers, within this process, go one after the other.

    SQLite lets a waiting writer sleep and try again, up to a tenth of a second at a time; a lock
    of our own wakes the next one at once. Between processes SQLite's own lock still decides.
    """

    turn: Lock
    holds_turn = False

    def begin_writing(self) -> None:
        """Take the lock at once: one taken after a read can't wait (SQLITE_BUSY)."""
        if not self.turn.acquire(timeout=SQLITE_BUSY_MS / 1000):
            raise sqlite3.OperationalError("database is locked")
        self.holds_turn = True
        try:
            self.execute("BEGIN IMMEDIATE")
        except BaseException:
            self._pass_turn()
            raise

    def commit(self) -> None:
        try:
            super().commit()
        finally:
            if not self.in_transaction:  # a commit that failed for lack of room may be undone yet
                self._pass_turn()

    def rollback(self) -> None:
        try:
            super().rollback()
        finally:
            self._pass_turn()

    def close(self) -> None:
        super().close()
        self._pass_turn()

    def _pass_turn(self) -> None:
        if self.holds_turn:
            self.holds_turn = False
            self.turn.release()


def _begin_sqlite(connection: Connection) -> None:
    driver: Any = connection.connection.dbapi_connection
    try:
        if connection.get_execution_options().get("reading", False):
            driver.execute("BEGIN")
        else:
            driver.begin_writing()
    except sqlite3.OperationalError as error:  # an event's errors are not translated for us
        raise OperationalError("BEGIN", None, error) from error
