"""Sessions that begin: all their columns, written in the place of the former or in a new row.

Rows are inserted here, only ever updated or deleted afterwards.
"""

from datetime import datetime
from typing import NamedTuple, TypedDict, Unpack

from sqlalchemy import String, bindparam, insert, update

from webapp.models import StoredSession
from webapp.models.base import table
from webapp.models.prepared import Prepared, PreparedChange
from webapp.rules.ranks import Rank, Session, Stored
from webapp.services.sessions import SessionRow, facts, hashed, lives
from webapp.services.work import Work

_TABLE = table(StoredSession)


class SessionValues(TypedDict):
    """All columns of a session but its row's number."""

    id_hash: bytes
    rank: Rank
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
    created_at: datetime
    seen_at: datetime
    idle_until: datetime
    ends_at: datetime


class SomeValues(TypedDict, total=False):
    """Those columns of a session that are not the same for every one that begins."""

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
    return token, facts(row_of(mint(work, previous, values), values))


def row_of(
    row_id: int, values: SessionValues, email: str | None = None, terms_version: str | None = None
) -> SessionRow:
    """The row that these values made; address and terms are its account's, if any."""
    return SessionRow(
        id=row_id,
        rank=values["rank"],
        browser_key=values["browser_key"],
        created_at=values["created_at"],
        seen_at=values["seen_at"],
        ends_at=values["ends_at"],
        registration_id=values["registration_id"],
        account_id=values["account_id"],
        email=email,
        terms_version=terms_version,
        epoch=values["epoch"],
        proved_at=values["proved_at"],
        codes=values["codes"],
        device_id=values["device_id"],
        remember=values["remember"],
        ways=values["ways"],
    )
