"""The session store: found by the hash of the cookie's id, minted anew at every change of rank.

Rows are inserted when we mint, only ever updated or deleted afterwards: a request that started
before a sign-out cannot bring a session back.
"""

import hashlib
from dataclasses import dataclass
from dataclasses import replace as replace_facts
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    LargeBinary,
    String,
    and_,
    bindparam,
    case,
    cast,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from webapp.models import Account, StoredSession
from webapp.models.base import Moment, table
from webapp.models.prepared import Prepared
from webapp.rules import lifetimes
from webapp.rules.ranks import Rank
from webapp.services.kernel import new_beginning
from webapp.services.kernel.work import AnyRow, Work


@dataclass(frozen=True)
class SessionFacts:
    """A live session, as a request finds it; `email` and `terms_version` are its account's.

    `epoch` is its account's when the session was proved (services/kernel/new_beginning.py).
    """

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
    epoch: int | None
    email: str | None
    terms_version: str | None


def hashed(secret: str) -> bytes:
    """SHA-256 of a 256-bit random secret: enough, it cannot be guessed."""
    return hashlib.sha256(secret.encode()).digest()


_TABLE = table(StoredSession)
_OF_THE_ACCOUNT = ("email", "terms_version")
FIELDS = [_TABLE.c[name] for name in SessionFacts.__annotations__ if name not in _OF_THE_ACCOUNT]


_RANK = [column.name for column in FIELDS].index("rank")
_NOW = bindparam("now", type_=Moment)
_FIND = Prepared(
    select(*FIELDS, Account.email, Account.terms_version)
    .outerjoin(Account, Account.id == StoredSession.account_id)
    .where(StoredSession.id_hash == bindparam("token_hash"))
    .where(StoredSession.idle_until > _NOW, StoredSession.ends_at > _NOW)
    .where(new_beginning.current(StoredSession.epoch))
)
_MINT = Prepared(insert(_TABLE).returning(*FIELDS))
_REPLACE = Prepared(
    update(_TABLE)
    .where(_TABLE.c.id == bindparam("session"))
    .where(_TABLE.c.browser_key.is_not_distinct_from(bindparam("browser", type_=String)))
    .returning(*FIELDS)
)
_TOUCH = Prepared(
    update(_TABLE).where(_TABLE.c.id == bindparam("session"), _TABLE.c.rank == bindparam("at_rank"))
)
_SPEND = Prepared(
    update(_TABLE)
    .where(_TABLE.c.id == bindparam("session"), _TABLE.c.tries_left > 0)
    .where(_TABLE.c.rank.in_([bindparam("at_rank"), bindparam("or_rank")]))
    .values(tries_left=_TABLE.c.tries_left - 1)
    .returning(_TABLE.c.codes, _TABLE.c.tries_left)
)


def find(work: Work, token: str) -> SessionFacts | None:
    """The live session of a cookie's id, None when unknown, ended or left idle too long."""
    row = _FIND.first(work.db, {"token_hash": hashed(token), "now": work.now})
    return facts(row, row.email, row.terms_version) if row else None


def facts(row: AnyRow, email: str | None, terms_version: str | None = None) -> SessionFacts:
    """What a row that begins with FIELDS says, with its account's address and terms."""
    values: list[Any] = [*row[: len(FIELDS)], email, terms_version]
    values[_RANK] = Rank(values[_RANK])
    return SessionFacts(*values)


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
        "epoch": None,
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
        row = _MINT.first(work.db, values)
    return token, facts(row, email, terms_version)


def replace(work: Work, previous: SessionFacts, values: dict[str, Any]) -> AnyRow | None:
    """Put a new session in the place of this one, None when somebody else just did."""
    which = {"session": previous.id, "browser": previous.browser_key}
    return _REPLACE.first(work.db, values | which)


def spend_try(
    work: Work, session: SessionFacts, ranks: tuple[Rank] | tuple[Rank, Rank], *more: Any
) -> AnyRow | None:
    """Spend one of this session's tries at its code; returns a row of `codes`, `tries_left` and the
    other columns asked for, None when no try is left or its rank is not one of these."""
    which = {"session": session.id, "at_rank": ranks[0], "or_rank": ranks[-1]}
    if more:
        return work.db.execute(_SPEND.statement.returning(*more), which).first()
    return _SPEND.first(work.db, which)


def is_stale(now: datetime, session: SessionFacts) -> bool:
    """Whether the session's last use is worth writing again: once a minute at most."""
    return now - session.seen_at >= lifetimes.SESSION_TOUCH


def touch(work: Work, session: SessionFacts) -> None:
    """Write that the session was used, which prolongs its idle time but never its whole life.

    A request that began before a change of rank writes nothing: that rank's idle time was another.
    """
    idle, _ = lives(session.rank)
    which = {"session": session.id, "at_rank": session.rank}
    values = {"seen_at": work.now, "idle_until": work.now + idle}
    _TOUCH.run(work.db, which | values)


def end(work: Work, session: SessionFacts, *, only_at: Rank | None = None) -> None:
    """The session is no more; with `only_at`, unless it has just come to another rank."""
    ended = delete(StoredSession).where(StoredSession.id == session.id)
    if only_at is not None:
        ended = ended.where(StoredSession.rank == only_at)
    work.db.execute(ended)


def stay_alone(work: Work, session: SessionFacts, epoch: int) -> tuple[str, SessionFacts]:
    """`end_others`, and this session has another id and a proof of now."""
    token, now = work.world.chance.token(), work.now
    values = {"id_hash": hashed(token), "proved_at": now, "codes": "", "tries_left": 0}
    end_others(work, session, epoch, **values)
    return token, replace_facts(
        session, browser_key=None, codes="", device_id=None, proved_at=now, epoch=epoch
    )


def end_others(work: Work, session: SessionFacts, epoch: int, **own: Any) -> None:
    """End every other session of this account, in one statement, once the account's count went up.

    This session goes on with that count (`epoch`) and its `own` new values. The rows of the others
    are emptied, so that nothing can revive them, and the purge removes them.
    """
    mine, now = StoredSession, work.now
    this = and_(
        mine.id == session.id,
        mine.rank == session.rank,
        or_(mine.epoch.is_(None), mine.epoch == epoch - 1),
    )

    def only_this(column: Any, otherwise: Any, value: Any = None) -> Any:
        kept = column if value is None else literal(value, column.type)
        return case((this, kept), else_=otherwise)

    work.db.execute(
        update(mine)
        .where(or_(mine.id == session.id, new_beginning.within_reach(mine, session.account_id)))
        .where(mine.account_id == session.account_id)
        .values(
            id_hash=only_this(mine.id_hash, _hash_of_none(work), own.get("id_hash")),
            rank=only_this(mine.rank, literal(Rank.VISITOR, mine.rank.type)),
            browser_key=None,
            codes=only_this(mine.codes, "", own.get("codes")),
            tries_left=only_this(mine.tries_left, 0, own.get("tries_left")),
            proved_at=only_this(mine.proved_at, None, own.get("proved_at")),
            epoch=only_this(mine.epoch, mine.epoch, epoch),
            idle_until=only_this(mine.idle_until, literal(now, mine.idle_until.type)),
            ends_at=only_this(mine.ends_at, literal(now, mine.ends_at.type)),
        )
    )


def _hash_of_none(work: Work) -> ColumnElement[bytes]:
    """SQL: a value of its own for each row that is the SHA-256 of no cookie. The former hash must
    be free: a sign-in from the same browser may derive it again
    (services/sign_in/mailed_code.py)."""
    number = cast(StoredSession.id, String)
    if work.db.dialect.name == "postgresql":
        return func.convert_to(number, "UTF8", type_=LargeBinary)
    return cast(number, LargeBinary)
