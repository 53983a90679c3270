"""The work at hand: one database connection, one transaction at a time, in its world."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine

from webapp.models.base import Base
from webapp.models.prepared import insert_of
from webapp.services.world import World

if TYPE_CHECKING:
    from sqlalchemy.dialects import sqlite


class Work:
    """One piece of work: its database connection, its world, and where it comes from.

    `db` opens a transaction at the first statement. `reading` work takes no write lock.
    """

    def __init__(self, engine: Engine, world: World, origin: str = "", *, reading: bool = False):
        self.world, self.origin = world, origin
        self._engine, self._reading = engine, reading
        self._connection: Connection | None = None
        self._letters_written = False
        self._in_hand: list[Any] = []

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

    def letter_written(self) -> None:
        """Remember to wake the sender once the letter is committed."""
        self._letters_written = True

    def hold(self, letter: Any) -> None:
        """Hand this claimed letter to this process's sender once it is committed."""
        self._in_hand.append(letter)

    def wake_nobody(self) -> None:
        """Letters leave at the sender's next look: its work beside a request can't be timed."""
        self._letters_written = False

    def settle(self) -> None:
        """Commit what was done so far and let go of every lock; more may follow.

        Called before slow work (argon2), so that nobody waits for it.
        """
        if self._connection is not None:
            self._commit(self._connection)
        if self._in_hand and self.world.hands:
            letters, self._in_hand = self._in_hand, []
            self.world.hands.take(letters)
        if self._letters_written:
            self._letters_written = False
            self.world.wake_sender()

    @staticmethod
    def _commit(connection: Connection) -> None:
        try:
            connection.commit()
        except BaseException:
            connection.rollback()  # SQLite's transaction outlives a commit that failed
            raise

    def close(self, *, keep: bool) -> None:
        """End the work: commit (`keep`) or roll back, and give the connection back."""
        try:
            if keep:
                self.settle()
        finally:
            if self._connection is not None:
                self._connection.close()
                self._connection = None
