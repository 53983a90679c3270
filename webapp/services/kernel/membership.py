"""Whose membership goes on: what is under way for a member who left or died stands still, and so
does what is under way in a space that an operator suspended.

Nothing is ended or erased, since the roll may be wrong: each door asks, and all goes on as before
once the roll says « actif » again. `docs/decisions/statuses.md` has every door.
"""

from sqlalchemy import ColumnElement, and_, exists, literal, or_, select

from webapp.models import Account, JoinedMember, RollEntry
from webapp.models.base import table
from webapp.rules.refusals import Refusal
from webapp.rules.statuses import CLOSED_SPACE, SUSPENDED
from webapp.services.kernel import household
from webapp.services.kernel.new_beginning import Bearer
from webapp.services.kernel.work import Work

_ACCOUNT = table(Account)


def goes_on() -> ColumnElement[bool]:
    """SQL: whether this entry of the roll is of somebody who neither left nor died, and whose
    space, if any, is not suspended."""
    here = household.is_here(RollEntry.status)
    return and_(here, ~household.is_suspended(RollEntry.id))


def goes_on_of(bearer: Bearer) -> ColumnElement[bool]:
    """SQL: `goes_on` for a member of the space of a row that names an account, which need not be
    joined: of several, one who is here is enough."""
    own = exists().where(Account.id == bearer.account_id, RollEntry.id == Account.roll_id)
    beside = exists().where(
        JoinedMember.account_id == bearer.account_id, RollEntry.id == JoinedMember.roll_id
    )
    here = household.is_here(RollEntry.status)
    return and_(or_(own.where(here), beside.where(here)), is_open(bearer))


def is_open(bearer: Bearer) -> ColumnElement[bool]:
    """SQL: whether the space of a row that names an account is not suspended."""
    own = _ACCOUNT.alias()
    return ~exists().where(own.c.id == bearer.account_id, own.c.suspended_at.is_not(None))


def is_held(work: Work, roll_id: int) -> bool:
    """Whether an operator suspended the space that this member is in."""
    return bool(work.db.scalar(select(household.is_suspended(literal(roll_id)))))


def refusal(status: str) -> Refusal | None:
    """What a letter or a mailed link is told where this status lets nobody in, None where it does.
    Others may hold both: neither a death nor a suspension is named."""
    if status == SUSPENDED:
        return Refusal("space_held")
    return Refusal("membership_over") if status in CLOSED_SPACE else None
