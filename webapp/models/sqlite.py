"""SQLite's connections: what was answered is on the disk, and writers go one after the other."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO
from threading import Lock

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

BUSY_MS = 10_000

_flush = getattr(os, "fdatasync", os.fsync)


def prepare(connection: "InTurn", _record: object) -> None:
    """Settings of a new connection."""
    connection.isolation_level = None  # transactions begin where `begin` says
    ((mode,),) = connection.execute("PRAGMA journal_mode=WAL")
    connection.flushes = mode == "wal"  # there are none in memory, and on a few network disks
    for pragma in (
        # « NORMAL » leaves commits to be flushed by `commit`, and flushes all else (the log before
        # it is copied into the database, the database before the log is used anew)
        f"synchronous={'NORMAL' if connection.flushes else 'FULL'}",
        "foreign_keys=ON",
        "secure_delete=ON",
        f"busy_timeout={BUSY_MS}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def begin(connection: Connection) -> None:
    """Begin a transaction: a reader's takes no lock, a writer's takes it at once."""
    driver = connection.connection.dbapi_connection
    if not isinstance(driver, InTurn):
        raise TypeError("not a connection of this engine's")
    try:
        if connection.get_execution_options().get("reading", False):
            driver.execute("BEGIN")
        else:
            driver.begin_writing()
    except sqlite3.OperationalError as error:  # an event's errors are not translated for us
        raise OperationalError("BEGIN", None, error) from error


@contextmanager
def rebuilding(connection: Connection) -> Iterator[None]:
    """A transaction in which a table may be made anew: until it ends, foreign keys are not looked
    at, so that dropping the former table empties none that hangs on it. On PostgreSQL, any
    transaction."""
    if connection.dialect.name != "sqlite":
        with connection.begin():
            yield
        return
    driver = connection.connection.cursor()
    driver.execute("PRAGMA foreign_keys=OFF")  # means nothing within a transaction
    try:
        with connection.begin():
            yield
    finally:
        driver.execute("PRAGMA foreign_keys=ON")
        driver.close()


class InTurn(sqlite3.Connection):
    """A connection whose writers, within this process, go one after the other.

    SQLite lets a waiting writer sleep and try again, up to a tenth of a second at a time; a lock
    of our own wakes the next one at once. Between processes SQLite's own lock still decides.

    A commit returns once it is on the disk. The disk is waited for after the write lock was let
    go, so that the next writer writes meanwhile.
    """

    turn: Lock
    holds_turn = False
    flushes = False
    _log: FileIO | None = None

    def begin_writing(self) -> None:
        """Take the lock at once: one taken after a read can't wait (SQLITE_BUSY)."""
        if not self.turn.acquire(timeout=BUSY_MS / 1000):
            raise sqlite3.OperationalError("database is locked")
        self.holds_turn = True
        try:
            self.execute("BEGIN IMMEDIATE")
        except BaseException:
            self._pass_turn()
            raise

    def commit(self) -> None:
        """Commit, and return when a power cut can't undo it. Raises sqlite3.OperationalError."""
        wrote = self.holds_turn
        try:
            super().commit()
        finally:
            if not self.in_transaction:  # a commit that failed for lack of room may be undone yet
                self._pass_turn()
        if wrote and self.flushes:
            self._flush_log()

    def rollback(self) -> None:
        try:
            super().rollback()
        finally:
            self._pass_turn()

    def close(self) -> None:
        super().close()
        self._pass_turn()
        if self._log is not None:
            self._log.close()

    def _flush_log(self) -> None:
        """The log stays the same file for as long as a connection to the database is open."""
        try:
            if self._log is None:
                _, _, path = self.execute("PRAGMA database_list").fetchone()
                self._log = FileIO(f"{path}-wal")
            _flush(self._log.fileno())
        except OSError as error:
            raise sqlite3.OperationalError(f"disk I/O error: {error}") from error

    def _pass_turn(self) -> None:
        if self.holds_turn:
            self.holds_turn = False
            self.turn.release()
