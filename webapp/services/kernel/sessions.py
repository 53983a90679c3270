"""The session store: found by the hash of the cookie's id, minted anew at every change of rank.

Rows are inserted when we mint, only ever updated or deleted afterwards: a request that started
before a sign-out cannot bring a session back.
"""

import hashlib
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import bindparam, delete, select, update

from webapp.models import Account, RollEntry, StoredSession
from webapp.models.base import Moment, table
from webapp.models.prepared import Prepared, PreparedChange
from webapp.rules import lifetimes, persons
from webapp.rules.persons import Person
from webapp.rules.ranks import (
    SIGNED_IN,
    AtCode,
    Member,
    OfAccount,
    Rank,
    Registering,
    Session,
    Shut,
    Stored,
    Waiting,
)
from webapp.rules.statuses import NO_ENTRY, SUSPENDED
from webapp.services.kernel import household, new_beginning
from webapp.services.kernel.work import Work

_TABLE = table(StoredSession)


def hashed(secret: str) -> bytes:
    """SHA-256 of a 256-bit random secret: enough, it cannot be guessed."""
    return hashlib.sha256(secret.encode()).digest()


class SessionRow(NamedTuple):
    """What a session is made from; `email`, `terms_version`, `roll_id` and `joined` are its
    account's, `status` is its space's."""

    id: int
    rank: str
    browser_key: str | None
    created_at: datetime
    seen_at: datetime
    ends_at: datetime
    registration_id: str | None
    account_id: int | None
    email: str | None
    terms_version: str | None
    status: str | None
    epoch: int | None
    proved_at: datetime | None
    codes: str
    device_id: int | None
    remember: bool
    ways: str
    roll_id: int | None
    joined: int | None


_NOW = bindparam("now", type_=Moment)
_ELSEWHERE = {
    "email": table(Account),
    "terms_version": table(Account),
    "roll_id": table(Account),
    "joined": table(Account),
}
_FIND = Prepared(
    SessionRow,
    select(
        *(
            household.status().label("status")
            if name == "status"
            else _ELSEWHERE.get(name, _TABLE).c[name]
            for name in SessionRow._fields
        )
    )
    .select_from(_TABLE)
    .outerjoin(Account, Account.id == _TABLE.c.account_id)
    .outerjoin(RollEntry, RollEntry.id == Account.roll_id)
    .where(_TABLE.c.id_hash == bindparam("token_hash"))
    .where(_TABLE.c.idle_until > _NOW, _TABLE.c.ends_at > _NOW)
    .where(new_beginning.current(_TABLE.c.epoch)),
)


def find(
    work: Work, token: str, person: int | None = None, known: tuple[Person, ...] = ()
) -> Session | None:
    """The live session of a cookie's id, None when unknown, ended or left idle too long.

    `person`: whom of a space of several the page asks for, by their entry of the roll
    (`persons.shown`). Where they are not in it, the session speaks of the first. `known`: who
    shares the space, as this request read it before.
    """
    row = _FIND.first(work.db, {"token_hash": hashed(token), "now": work.now})
    if row is None:
        return None
    return of_one(work, row, person, known)


def of_one(
    work: Work, row: SessionRow, roll_id: int | None = None, known: tuple[Person, ...] = ()
) -> Session:
    """The session of a row, which speaks of one member; where several share the space, at the rank
    that this one has come to, and with all of them. One statement more for these, unless they are
    `known` and as many as the row counts."""
    if not row.joined or row.account_id is None or Rank(row.rank) not in SIGNED_IN:
        return facts(row)
    same = len(known) == row.joined + 1
    everybody = known if same else household.persons(work, row.account_id)
    person = persons.shown(everybody, roll_id) or persons.shown(everybody, None)
    if person is None:
        return facts(row)
    seen = row._replace(
        rank=entry_rank(work, person.terms_version),
        roll_id=person.roll_id,
        status=SUSPENDED if row.status == SUSPENDED else person.status,
        terms_version=person.terms_version,
    )
    return facts(seen, everybody)


def facts(row: SessionRow, everybody: tuple[Person, ...] = ()) -> Session:
    """The session of a row, of its rank's class; `Shut` while its member's space is closed.
    `everybody`: who shares the space. Raises ValueError when the row lacks what each session of
    its rank has."""
    rank = Rank(row.rank)
    if rank in SIGNED_IN and row.status in NO_ENTRY:
        rank = Rank.SHUT
    own = (row.id, rank, row.browser_key, row.created_at, row.seen_at, row.ends_at)
    if rank is Rank.REGISTERING:
        return Registering(*own, row.registration_id)
    if rank is Rank.WAITING:
        return Waiting(*own, row.registration_id)
    if rank is Rank.VISITOR:
        raise ValueError(f"session {row.id} has ended")
    if row.account_id is None or row.email is None:
        raise ValueError(f"session {row.id} is at {rank} and of no account")
    if row.terms_version is None or row.status is None or row.roll_id is None:
        raise ValueError(f"session {row.id} is of an account without terms or member")
    whose = (row.account_id, row.email, row.terms_version, row.status, row.epoch, row.proved_at)
    shared = (row.codes, row.roll_id, row.joined or 0, everybody)
    if rank is Rank.SHUT:
        return Shut(*own, *whose, *shared)
    if rank is not Rank.CODE:
        return Member(*own, *whose, *shared, row.device_id)
    if row.browser_key is None:
        raise ValueError(f"session {row.id} is at {rank} and of no browser")
    at = (row.id, rank, row.browser_key, row.created_at, row.seen_at, row.ends_at)
    return AtCode(*at, *whose, *shared, row.remember, row.ways)


def entry_rank(work: Work, terms_version: str | None) -> Rank:
    """The rank that both steps lead to: the space, or first the terms that changed since."""
    return Rank.MEMBER if terms_version == work.world.terms.version else Rank.TERMS


def lives(rank: Rank) -> tuple[timedelta, timedelta]:
    """Idle and whole life of a session. A registration keeps its steps as long as its link lives:
    a member may read the terms slowly, and such a session opens nothing."""
    if rank is Rank.REGISTERING:
        return lifetimes.REGISTRATION, lifetimes.REGISTRATION
    return lifetimes.SESSION_IDLE, lifetimes.SESSION_WHOLE


class Try(NamedTuple):
    """What a session has left: its security codes and its tries."""

    codes: str
    tries_left: int


SPENDING = (
    update(_TABLE)
    .where(_TABLE.c.id == bindparam("session"), _TABLE.c.tries_left > 0)
    .where(_TABLE.c.rank.in_([bindparam("at_rank"), bindparam("or_rank")]))
    .values(tries_left=_TABLE.c.tries_left - 1)
)
_SPEND = Prepared(Try, SPENDING.returning(_TABLE.c.codes, _TABLE.c.tries_left))


def spend_try(work: Work, session: OfAccount, ranks: tuple[Rank] | tuple[Rank, Rank]) -> Try | None:
    """One try less for the codes of this session; None when it has no try left, or neither of
    these ranks."""
    return _SPEND.first(work.db, spending(session, ranks))


def spending(session: Stored, ranks: tuple[Rank] | tuple[Rank, Rank]) -> dict[str, object]:
    """The parameters of SPENDING."""
    return {"session": session.id, "at_rank": ranks[0], "or_rank": ranks[-1]}


def is_stale(now: datetime, session: Stored) -> bool:
    """Whether the session's last use is worth writing again: once a minute at most."""
    return now - session.seen_at >= lifetimes.SESSION_TOUCH


_TOUCH = PreparedChange(
    update(_TABLE)
    .where(_TABLE.c.id == bindparam("session"))
    .where(_TABLE.c.rank.in_([bindparam("at_rank"), bindparam("or_rank")]))
)


def touch(work: Work, session: Stored) -> None:
    """Write that the session was used, which prolongs its idle time but never its whole life.

    A request that began before a change of rank writes nothing: that rank's idle time was another.
    Signed in, both ranks have the same; in a space of several, the row's is not each member's.
    """
    idle, _ = lives(session.rank)
    which = spending(session, SIGNED_IN if session.rank in SIGNED_IN else (session.rank,))
    _TOUCH.run(work.db, {**which, "seen_at": work.now, "idle_until": work.now + idle})


def end(work: Work, session: Stored, *, only_at: Rank | None = None) -> None:
    """The session is no more; with `only_at`, unless it has just come to another rank."""
    ended = delete(StoredSession).where(StoredSession.id == session.id)
    if only_at is not None:
        ended = ended.where(StoredSession.rank == only_at)
    work.db.execute(ended)
