"""The work at hand: one database connection, one transaction at a time, in its world."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine

from webapp.models.base import Base
from webapp.models.prepared import insert_of
from webapp.services.kernel.world import World

if TYPE_CHECKING:
    from sqlalchemy.dialects import sqlite


COMMAND = "cli"  # the origin of a command's work


class Work:
    """One piece of work: its database connection, its world, and where it comes from.

    `db` opens a transaction at the first statement. `reading` work takes no write lock.
    `operator_id`: the operator of the desk who does it, for the journal; None anywhere else.
    """

    def __init__(
        self,
        engine: Engine,
        world: World,
        origin: str = "",
        *,
        reading: bool = False,
        operator_id: int | None = None,
    ):
        self.world, self.origin, self.operator_id = world, origin, operator_id
        self._engine, self._reading = engine, reading
        self._connection: Connection | None = None
        self._after_commit: list[Callable[[], None]] = []

    def __enter__(self) -> "Work":
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Close: commit, unless an error is on its way."""
        self.close(commit=kind is None)

    @property
    def db(self) -> Connection:
        """The connection, opened when it is first needed."""
        if self._connection is None:
            connection = self._engine.connect()
            self._connection = connection.execution_options(reading=self._reading)
        return self._connection

    def insert(self, table: type[Base]) -> "sqlite.Insert":
        """An INSERT that knows ON CONFLICT: Core has one for each database, spelt alike."""
        return insert_of(self.db.dialect.name)(table)

    @property
    def now(self) -> datetime:
        return self.world.clock.now()

    def after_commit(self, act: Callable[[], None]) -> None:
        """Have `act` called once what was done so far is committed; never, when it is undone."""
        self._after_commit.append(act)

    def settle(self) -> None:
        """Commit what was done so far and let go of every lock; more may follow.

        Called before slow work (argon2), so that nobody waits for it.
        """
        acts, self._after_commit = self._after_commit, []
        if self._connection is not None:
            self._commit(self._connection)
        for act in acts:
            act()

    @staticmethod
    def _commit(connection: Connection) -> None:
        try:
            connection.commit()
        except BaseException:
            connection.rollback()  # SQLite's transaction outlives a commit that failed
            raise

    def undo(self) -> None:
        """Undo what was done since the last commit, and forget what was to follow it."""
        self._after_commit.clear()
        if self._connection is not None:
            self._connection.rollback()

    def close(self, *, commit: bool) -> None:
        """End the work: commit or roll back, and give the connection back."""
        try:
            if commit:
                self.settle()
        finally:
            self._after_commit.clear()
            if self._connection is not None:
                self._connection.close()
                self._connection = None
