"""What every service is handed: the world (time, chance, keys, letters) and the work at hand."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol, cast

from sqlalchemy import Connection, Engine

from webapp.models.base import Base
from webapp.models.prepared import insert_of

if TYPE_CHECKING:
    from sqlalchemy.dialects import sqlite

AnyRow = Any  # a row, its columns as attributes: SQLAlchemy's, or that of a prepared statement


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

    def each_mac(self, purpose: str, rows: Iterable[Sequence[str]]) -> list[bytes]:
        """What `mac` makes of each row of parts; far cheaper than asking one by one."""

    def same(self, mac: bytes, purpose: str, *parts: str) -> bool:
        """Whether `mac` is the keyed hash of these parts, under today's key or a former one."""

    def macs(self, purpose: str, *parts: str) -> tuple[bytes, ...]:
        """The keyed hash under today's key, then under each former one: for a WHERE … IN."""

    def seal_link(self, purpose: str, row_id: str) -> str:
        """A signed token that carries an opaque row id and its time of making."""

    def open_link(self, purpose: str, token: str) -> tuple[str, datetime] | None:
        """The row id and the time, None when the token is not ours or not for this purpose."""

    def lock(self, row_id: str, plain: bytes) -> bytes:
        """Encrypt and authenticate, bound to the row (AES-256-GCM)."""

    def unlock(self, row_id: str, sealed: bytes) -> bytes:
        """The plain bytes. Raises ValueError when they were changed or belong to another row."""

    def renewed(self, row_id: str, sealed: bytes) -> bytes:
        """What was locked, under today's key. Raises ValueError as `unlock` does."""


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
class KnownPasskey:
    """A passkey as a browser is told of it: its id and how it is reached (« usb,internal »)."""

    credential_id: bytes
    transports: str


@dataclass(frozen=True)
class MadePasskey:
    """A passkey just made and verified; the public key is a COSE key."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    transports: str


@dataclass(frozen=True)
class ShownPasskey:
    """Which passkey an answer names, and for whom; not verified."""

    credential_id: bytes
    handle: bytes | None


class Passkeys(Protocol):
    """WebAuthn: options for the browser (JSON), its answers (JSON) verified for our site."""

    def creation(
        self, *, challenge: bytes, handle: bytes, address: str, known: Sequence[KnownPasskey]
    ) -> str:
        """What the browser needs to make a passkey that is none of the known ones."""

    def request(self, *, challenge: bytes, known: Sequence[KnownPasskey]) -> str:
        """What the browser needs to use one of these passkeys, any of ours when none is named."""

    def made(self, answer: str, challenge: bytes) -> MadePasskey | None:
        """The passkey that the answer made, None for anything else."""

    def shown(self, answer: str) -> ShownPasskey | None:
        """Which passkey an answer names, None for anything else."""

    def count(self, answer: str, challenge: bytes, public_key: bytes) -> int | None:
        """The signature counter of an answer signed by this key, None when it is not."""


@dataclass(frozen=True)
class Drawing:
    """A square drawing of `size` units: `path` is what an SVG path says."""

    size: int
    path: str


class AppCodes(Protocol):
    """The 6 digits of authenticator apps (RFC 6238)."""

    def step(self, secret: bytes, code: str, now: datetime) -> int | None:
        """Which 30-second step's code it is, one before or after at most; None when wrong."""

    def key(self, secret: bytes) -> str:
        """The secret in letters and digits, to type by hand."""

    def link(self, secret: bytes, address: str) -> str:
        """The link that hands the secret to an app."""

    def drawing(self, link: str) -> Drawing:
        """The link as a QR code."""


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
    passkeys: Passkeys
    app_codes: AppCodes
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

    def insert(self, table: type[Base]) -> "sqlite.Insert":
        """An INSERT that knows ON CONFLICT: Core has one for each database, spelt alike."""
        return cast("sqlite.Insert", insert_of(self.db.dialect.name)(table))

    @property
    def now(self) -> datetime:
        return self.world.clock.now()

    def letter_written(self) -> None:
        """Remember to wake the sender once the letter is committed."""
        self._letters_written = True

    def wake_nobody(self) -> None:
        """Letters leave at the sender's next look: its work beside a request can't be timed."""
        self._letters_written = False

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
