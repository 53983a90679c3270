"""What every service is handed besides its work: time, chance, keys, mails, and the sender."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from webapp.services.kernel.local_queue import LocalQueue


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
    """Slow on purpose: never called inside a transaction (see `Work.settle`). Its « settings » are
    what a hash begins with, « $argon2id$v=19$m=19456,t=2,p=1 »."""

    @property
    def settings(self) -> str:
        """Those that `hash` hashes with today."""

    def hash(self, password: str) -> str:
        """The argon2id hash. Raises Refusal("busy") when the machine has no room for one more."""

    def verify(
        self, password_hash: str | None, password: str, in_use: Collection[str] = ()
    ) -> bool:
        """Whether they match. None: the same work on a hash of nobody, and False.

        One computation with the settings of the hash (of nobody's: today's), and one with each
        others `in_use`, always in the same order: given all in use and today's, the time does not
        tell whether there is a hash, nor when it was made. Raises Refusal("busy") as `hash` does.
        """

    def outdated(self, password_hash: str) -> bool:
        """Whether the hash was made with other settings than today's."""


class Seals(Protocol):
    """Everything that the secret key does, one key a purpose."""

    def mac(self, purpose: str, *parts: str) -> bytes:
        """A keyed hash (HMAC-SHA-256) of the parts, 32 bytes."""

    def each_mac(self, purpose: str, pairs: Iterable[tuple[str, str]]) -> list[bytes]:
        """What `mac` makes of each pair of parts; far cheaper than asking one by one."""

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
class Mail:
    """A mail as it will leave: subject and the two bodies that say the same."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class ClaimedMail:
    """A mail that one worker, and no other, is to send now."""

    id: str
    name: str
    to: str
    mail: Mail
    attempts: int
    created_at: datetime


class MailTemplates(Protocol):
    """Mails from their templates, with absolute links from PUBLIC_URL."""

    def write(self, name: str, at: datetime, /, **facts: object) -> Mail:
        """The mail `templates/mail/<name>/` of what happened `at` this moment, filled in with its
        facts. Raises ValueError for what rules/mails.py does not declare."""

    def load(self) -> None:
        """Load every mail's templates for good: their folder may be another version's later."""


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

    def accepted(self, handle: bytes, ids: Sequence[bytes]) -> str:
        """Which passkeys of this handle are good, for a device to forget the others."""

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
    mails: MailTemplates
    terms: Terms
    passkeys: Passkeys
    app_codes: AppCodes
    households: bool = True  # a second letter with a known address joins that space
    trusted_device_days: int = 30
    failures_per_origin: int = 100  # an hour; 0 is off
    looks_per_operator: int = 60  # an hour, at the desk
    recoveries_per_origin: int = 20  # requests for a new password an hour; 0 is off
    # the way to this process's own sender: closed until one opens it
    local_queue: LocalQueue[ClaimedMail] = field(default_factory=LocalQueue)
