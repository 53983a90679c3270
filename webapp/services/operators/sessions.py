"""The sessions of the desk: 15 minutes idle, 8 hours in all, ended at once for who is disabled."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, delete, select, update

from webapp.models.base import Moment
from webapp.models.operator import Operator, OperatorSession
from webapp.models.prepared import Prepared
from webapp.rules import lifetimes
from webapp.rules.roles import Role
from webapp.services.kernel.sessions import hashed
from webapp.services.kernel.work import Work


@dataclass(frozen=True)
class AtWork:
    """An operator who is signed in, as a request finds them."""

    session_id: int
    operator_id: int
    name: str
    role: Role
    seen_at: datetime
    ends_at: datetime


class _Found(NamedTuple):
    id: int
    operator_id: int
    name: str
    role: str
    seen_at: datetime
    ends_at: datetime


_NOW = bindparam("now", type_=Moment)
_FIND = Prepared(
    _Found,
    select(
        OperatorSession.id, Operator.id.label("operator_id"), Operator.name, Operator.role,
        OperatorSession.seen_at, OperatorSession.ends_at,
    )
    .join(Operator, Operator.id == OperatorSession.operator_id)
    .where(OperatorSession.id_hash == bindparam("id_hash"), Operator.disabled_at.is_(None))
    .where(OperatorSession.idle_until > _NOW, OperatorSession.ends_at > _NOW),
)  # fmt: skip


def mint(work: Work, operator_id: int) -> str:
    """A new session of this operator; returns the id that the cookie is to hold."""
    token = work.world.chance.token()
    work.db.execute(
        work.insert(OperatorSession).values(
            id_hash=hashed(token),
            operator_id=operator_id,
            began_at=work.now,
            seen_at=work.now,
            idle_until=work.now + lifetimes.DESK_IDLE,
            ends_at=work.now + lifetimes.DESK_WHOLE,
        )
    )
    return token


def find(work: Work, token: str) -> AtWork | None:
    """The live session of a cookie's id, None when unknown, ended or left idle too long."""
    found = _FIND.first(work.db, {"id_hash": hashed(token), "now": work.now})
    if found is None:
        return None
    return AtWork(
        found.id, found.operator_id, found.name, Role(found.role), found.seen_at, found.ends_at
    )


def touch(work: Work, at_work: AtWork) -> None:
    """Write that the session was used, once a minute at most."""
    if work.now - at_work.seen_at < lifetimes.SESSION_TOUCH:
        return
    work.db.execute(
        update(OperatorSession)
        .where(OperatorSession.id == at_work.session_id)
        .values(seen_at=work.now, idle_until=work.now + lifetimes.DESK_IDLE)
    )


def end(work: Work, at_work: AtWork) -> None:
    """The session is no more."""
    work.db.execute(delete(OperatorSession).where(OperatorSession.id == at_work.session_id))
