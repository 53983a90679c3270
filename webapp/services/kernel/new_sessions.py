"""Sessions that begin: all their columns, written in the place of the former or in a new row.

Rows are inserted here, only ever updated or deleted afterwards.
"""

from datetime import datetime
from typing import NamedTuple, Protocol, TypedDict, Unpack

from sqlalchemy import String, bindparam, insert, update

from webapp.models import StoredSession
from webapp.models.base import table
from webapp.models.prepared import Prepared, PreparedChange
from webapp.rules.ranks import Rank, Session, Stored
from webapp.services.kernel.sessions import SessionRow, hashed, lives, of_one
from webapp.services.kernel.work import Work

_TABLE = table(StoredSession)


class SomeValues(TypedDict, total=False):
    """Those columns of a session that do not follow from its rank and its beginning."""

    account_id: int | None
    registration_id: str | None
    device_id: int | None
    browser_key: str | None
    agent: str
    remember: bool
    codes: str
    code_sent_at: datetime | None
    tries_left: int
    ways: str
    proved_at: datetime | None
    epoch: int | None


class SessionValues(SomeValues):
    """All columns of a session but its row's number."""

    id_hash: bytes
    rank: Rank
    created_at: datetime
    seen_at: datetime
    idle_until: datetime
    ends_at: datetime


def fresh(work: Work, rank: Rank, token: str, **fields: Unpack[SomeValues]) -> SessionValues:
    """All columns of a session that begins now; `fields` overrides the empty ones."""
    idle, whole = lives(rank)
    values: SessionValues = {
        "id_hash": hashed(token),
        "rank": rank,
        "account_id": None,
        "registration_id": None,
        "device_id": None,
        "browser_key": None,
        "agent": "",
        "remember": False,
        "codes": "",
        "code_sent_at": None,
        "tries_left": 0,
        "ways": "",
        "proved_at": None,
        "epoch": None,
        "created_at": work.now,
        "seen_at": work.now,
        "idle_until": work.now + idle,
        "ends_at": work.now + whole,
    }
    return {**values, **fields}


class _Minted(NamedTuple):
    id: int


_MINT = Prepared(_Minted, insert(_TABLE).returning(_TABLE.c.id))


def mint(work: Work, previous: Stored | None, values: SessionValues) -> int:
    """Write a session that begins now, in the place of the previous one; its row's number."""
    if previous is not None and replace(work, previous, values):
        return previous.id
    return _MINT.one(work.db, values).id


_REPLACE = PreparedChange(
    update(_TABLE)
    .where(_TABLE.c.id == bindparam("session"))
    .where(_TABLE.c.browser_key.is_not_distinct_from(bindparam("browser", type_=String)))
)


def replace(work: Work, previous: Stored, values: SessionValues) -> bool:
    """Put a new session in the place of this one; False when somebody else just did."""
    which = {"session": previous.id, "browser": previous.browser_key}
    return _REPLACE.run(work.db, {**values, **which}) == 1


def of_registration(
    work: Work, rank: Rank, previous: Stored | None, registration_id: str
) -> tuple[str, Session]:
    """A new session that carries this registration: the id for the cookie, and the session."""
    token = work.world.chance.token()
    values = fresh(work, rank, token, registration_id=registration_id)
    return token, session_of(work, mint(work, previous, values), values)


class Whose(Protocol):
    """The account of a session: what its row does not say of it."""

    @property
    def email(self) -> str: ...
    @property
    def terms_version(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def roll_id(self) -> int: ...
    @property
    def joined(self) -> int: ...


def session_of(
    work: Work, row_id: int, values: SessionValues, whose: Whose | None = None
) -> Session:
    """The session that these values made; `whose` is its account, if any."""
    email = whose.email if whose else None
    terms, status = (whose.terms_version, whose.status) if whose else (None, None)
    roll_id, joined = (whose.roll_id, whose.joined) if whose else (None, None)
    row = SessionRow(
        row_id, values["rank"], values["browser_key"], values["created_at"], values["seen_at"],
        values["ends_at"], values["registration_id"], values["account_id"], email, terms, status,
        values["epoch"], values["proved_at"], values["codes"], values["device_id"],
        values["remember"], values["ways"], roll_id, joined,
    )  # fmt: skip
    return of_one(work, row)
