"""What every service is handed: the world (time, chance, keys, letters) and the work at hand."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Connection, Engine, Row

AnyRow = Row[*tuple[Any, ...]]


class Clock(Protocol):
    """The time."""

    def now(self) -> datetime:
        """Now, aware, UTC."""


class Chance(Protocol):
    """Unguessable values."""

    def token(self) -> str:
        """256 bits, URL-safe: session ids and device secrets."""

    def row_id(self) -> str:
        """128 bits as 32 hexadecimal digits."""

    def digits(self, count: int) -> str:
        """`count` decimal digits, leading zeros kept."""

    def access_code(self) -> str:
        """12 signs of the access alphabet, 60 bits, without its dashes."""


class PasswordHasher(Protocol):
    """Slow on purpose: never called inside a transaction (see `Work.settle`)."""

    def hash(self, password: str) -> str:
        """The argon2id hash. Raises Refusal("busy") when the machine has no room for one more."""

    def verify(self, password_hash: str | None, password: str) -> bool:
        """Whether they match. None: the same work on a hash of nobody, and False."""

    def outdated(self, password_hash: str) -> bool:
        """Whether the hash was made with weaker settings than today's."""


class Seals(Protocol):
    """Everything that the secret key does, one key a purpose."""

    def mac(self, purpose: str, *parts: str) -> bytes:
        """A keyed hash (HMAC-SHA-256) of the parts, 32 bytes."""

    def same(self, mac: bytes, purpose: str, *parts: str) -> bool:
        """Whether `mac` is the keyed hash of these parts, under today's key or a former one."""

    def seal_link(self, purpose: str, row_id: str) -> str:
        """A signed token that carries an opaque row id and its time of making."""

    def open_link(self, purpose: str, token: str) -> tuple[str, datetime] | None:
        """The row id and the time, None when the token is not ours or not for this purpose."""

    def lock(self, row_id: str, plain: bytes) -> bytes:
        """Encrypt and authenticate, bound to the row (AES-256-GCM)."""

    def unlock(self, row_id: str, sealed: bytes) -> bytes:
        """The plain bytes. Raises ValueError when they were changed or belong to another row."""


@dataclass(frozen=True)
class Letter:
    """A mail as it will leave: subject and the two bodies that say the same."""

    subject: str
    text: str
    html: str


class Letters(Protocol):
    """Letters from their templates, with absolute links from PUBLIC_URL."""

    def write(self, name: str, **facts: Any) -> Letter:
        """The letter `templates/mail/<name>/`, filled in with the facts."""


@dataclass(frozen=True)
class Terms:
    """The terms of use in force: `text_hash` is the SHA-256 of the text shown, in hexadecimal."""

    version: str
    text_hash: str


@dataclass(frozen=True)
class World:
    """All that is not ours to decide, handed in by the front door."""

    clock: Clock
    chance: Chance
    hasher: PasswordHasher
    seals: Seals
    letters: Letters
    terms: Terms
    trusted_device_days: int = 30
    failures_per_origin: int = 100  # an hour; 0 is off
    wake_sender: Callable[[], None] = lambda: None


class Work:
    """One piece of work: its database connection, its world, and where it comes from.

    `db` opens a transaction at the first statement. `reading` work takes no write lock.
    """

    def __init__(self, engine: Engine, world: World, origin: str = "", *, reading: bool = False):
        self.world, self.origin = world, origin
        self._engine, self._reading = engine, reading
        self._connection: Connection | None = None
        self._letters_written = False

    @property
    def db(self) -> Connection:
        """The connection, opened when it is first needed."""
        if self._connection is None:
            connection = self._engine.connect()
            self._connection = connection.execution_options(reading=self._reading)
        return self._connection

    @property
    def now(self) -> datetime:
        return self.world.clock.now()

    def letter_written(self) -> None:
        """Remember to wake the sender once the letter is committed."""
        self._letters_written = True

    def settle(self) -> None:
        """Commit what was done so far and let go of every lock; more may follow.

        Called before slow work (argon2), so that nobody waits for it.
        """
        if self._connection is not None:
            self._commit(self._connection)
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
