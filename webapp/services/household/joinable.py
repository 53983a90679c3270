"""Which space a registration's address opens already, so that its member may join it.

SQL alone, for the statements of a registration: they ask it whatever the address, so that a known
one and an unknown one cost the same.
"""

from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    SQLColumnExpression,
    and_,
    exists,
    not_,
    or_,
    select,
)

from webapp.models import Account, JoinedMember, JoinRequest, RollEntry
from webapp.models.base import table
from webapp.services.kernel.household import is_here
from webapp.services.kernel.work import Work

Key = SQLColumnExpression[str] | str
Whose = SQLColumnExpression[int] | int
_ACCOUNT, _ROLL = table(Account), table(RollEntry)
_JOINED, _REQUEST = table(JoinedMember), table(JoinRequest)


def space_of(email_key: Key, roll_id: Whose) -> ColumnElement[int]:
    """SQL: the open space of somebody else that this address signs in to, NULL for none. One that
    closes, is suspended, or none of whose members is here, lets nobody in."""
    owner, first = _ACCOUNT.alias(), _ROLL.alias()
    beside, other = _JOINED.alias(), _ROLL.alias()
    another = exists().where(
        beside.c.account_id == owner.c.id, other.c.id == beside.c.roll_id, is_here(other.c.status)
    )
    return (
        select(owner.c.id)
        .join(first, first.c.id == owner.c.roll_id)
        .where(owner.c.email_key == email_key, owner.c.roll_id != roll_id)
        .where(owner.c.closing_at.is_(None), owner.c.suspended_at.is_(None))
        .where(or_(is_here(first.c.status), another))
        .scalar_subquery()
    )


def in_no_space(roll_id: Whose) -> ColumnElement[bool]:
    """SQL: whether this member has no space, neither their own nor one that they joined."""
    own, beside = _ACCOUNT.alias(), _JOINED.alias()
    has = exists().where(own.c.roll_id == roll_id)
    shares = exists().where(beside.c.roll_id == roll_id)
    return and_(not_(has), not_(shares))


def asked(roll_id: SQLColumnExpression[int]) -> ColumnElement[bool]:
    """SQL: whether a request of this member is stored, be it over."""
    request = _REQUEST.alias()
    return exists().where(request.c.roll_id == roll_id)


def joins(work: Work, space_id: int | None, own_space: int | None) -> int | None:
    """The space that a registration is to join: `space_id`, unless the member is in a space
    already (`own_space`) or nobody joins here (HOUSEHOLDS=0)."""
    return space_id if work.world.households and own_space is None else None


def outcome(work: Work, *, joins: bool, until: datetime | None, is_in: bool) -> str | None:
    """What became of a confirmed registration that was to join a space: waiting, joined, over (the
    owner refused, or was silent); None for any other registration."""
    if not joins:
        return None
    if until is not None and until > work.now:
        return "waiting"
    return "joined" if is_in else "over"
