"""The session store: found by the hash of the cookie's id, minted anew at every change of rank.

Rows are inserted when we mint, only ever updated or deleted afterwards: a request that started
before a sign-out cannot bring a session back.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, select, update

from webapp.models import Account, StoredSession
from webapp.rules import lifetimes
from webapp.rules.ranks import Rank
from webapp.services.work import AnyRow, Work


@dataclass(frozen=True)
class SessionFacts:
    """A live session, as a request finds it; `email` and `terms_version` are its account's."""

    id: int
    rank: Rank
    account_id: int | None
    registration_id: str | None
    device_id: int | None
    browser_key: str | None
    remember: bool
    codes: str
    ways: str
    created_at: datetime
    seen_at: datetime
    idle_until: datetime
    ends_at: datetime
    proved_at: datetime | None
    email: str | None
    terms_version: str | None


def hashed(secret: str) -> bytes:
    """SHA-256 of a 256-bit random secret: enough, it cannot be guessed."""
    return hashlib.sha256(secret.encode()).digest()


_OF_THE_ACCOUNT = ("email", "terms_version")
FIELDS = [
    getattr(StoredSession, name)
    for name in SessionFacts.__annotations__
    if name not in _OF_THE_ACCOUNT
]


def find(work: Work, token: str) -> SessionFacts | None:
    """The live session of a cookie's id, None when unknown, ended or left idle too long."""
    now = work.now
    row = work.db.execute(
        select(*FIELDS, Account.email, Account.terms_version)
        .outerjoin(Account, Account.id == StoredSession.account_id)
        .where(StoredSession.id_hash == hashed(token))
        .where(StoredSession.idle_until > now, StoredSession.ends_at > now)
    ).first()
    return facts(row, row.email, row.terms_version) if row else None


def facts(row: AnyRow, email: str | None, terms_version: str | None = None) -> SessionFacts:
    """What a row of FIELDS says, with its account's address and the terms it accepted last."""
    named = {column.key: getattr(row, column.key) for column in FIELDS}
    named["rank"] = Rank(row.rank)
    return SessionFacts(**named, email=email, terms_version=terms_version)


def entry_rank(work: Work, terms_version: str | None) -> Rank:
    """The rank that both steps lead to: the space, or first the terms that changed since."""
    return Rank.MEMBER if terms_version == work.world.terms.version else Rank.TERMS


def lives(rank: Rank) -> tuple[timedelta, timedelta]:
    """Idle and whole life of a session. A registration keeps its steps as long as its link lives:
    a member may read the terms slowly, and such a session opens nothing."""
    if rank is Rank.REGISTERING:
        return lifetimes.REGISTRATION, lifetimes.REGISTRATION
    return lifetimes.SESSION_IDLE, lifetimes.SESSION_WHOLE


def fresh(work: Work, rank: Rank, token: str, **fields: Any) -> dict[str, Any]:
    """All columns of a session that begins now; `fields` overrides the empty ones."""
    idle, whole = lives(rank)
    return {
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
        "created_at": work.now,
        "seen_at": work.now,
        "idle_until": work.now + idle,
        "ends_at": work.now + whole,
    } | fields


def enter(work: Work, rank: Rank, previous: SessionFacts | None, **fields: Any) -> str:
    """Mint a session at this rank and return its id for the cookie; the previous one is no more."""
    return mint(work, rank, previous, **fields)[0]


def mint(
    work: Work,
    rank: Rank,
    previous: SessionFacts | None,
    *,
    email: str | None = None,
    terms_version: str | None = None,
    **fields: Any,
) -> tuple[str, SessionFacts]:
    """`enter`, with the session as it now is; address and terms are its account's, if any."""
    token = work.world.chance.token()
    values = fresh(work, rank, token, **fields)
    row = replace(work, previous, values) if previous is not None else None
    if row is None:
        statement = insert(StoredSession).values(values).returning(*FIELDS)
        row = work.db.execute(statement).one()
    return token, facts(row, email, terms_version)


def replace(work: Work, previous: SessionFacts, values: dict[str, Any]) -> AnyRow | None:
    """Put a new session in the place of this one, None when somebody else just did."""
    unchanged = StoredSession.browser_key.is_not_distinct_from(previous.browser_key)
    return work.db.execute(
        update(StoredSession)
        .where(StoredSession.id == previous.id, unchanged)
        .values(values)
        .returning(*FIELDS)
    ).first()


def is_stale(now: datetime, session: SessionFacts) -> bool:
    """Whether the session's last use is worth writing again: once a minute at most."""
    return now - session.seen_at >= lifetimes.SESSION_TOUCH


def touch(work: Work, session: SessionFacts) -> None:
    """Write that the session was used; it never lives past its end.

    A request that began at a former rank writes nothing: its idle time was another one.
    """
    idle, _ = lives(session.rank)
    work.db.execute(
        update(StoredSession)
        .where(StoredSession.id == session.id, StoredSession.rank == session.rank)
        .values(seen_at=work.now, idle_until=work.now + idle)
    )


def end(work: Work, session: SessionFacts, *, only_at: Rank | None = None) -> None:
    """The session is no more; with `only_at`, unless it has just come to another rank."""
    ended = delete(StoredSession).where(StoredSession.id == session.id)
    if only_at is not None:
        ended = ended.where(StoredSession.rank == only_at)
    work.db.execute(ended)


def end_all(work: Work, account_id: int) -> None:
    """No session of this account is left, on any device."""
    work.db.execute(delete(StoredSession).where(StoredSession.account_id == account_id))
