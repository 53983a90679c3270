"""Whose membership goes on: what is under way for a member who left or died stands still.

Nothing is ended or erased, since the roll may be wrong: each door asks, and all goes on as before
once the roll says « actif » again. `docs/decisions/statuses.md` has every door.
"""

from sqlalchemy import ColumnElement, and_, exists, literal, or_

from webapp.models import Account, JoinedMember, RollEntry
from webapp.rules.statuses import CLOSED_SPACE
from webapp.services.kernel.new_beginning import Bearer


def goes_on() -> ColumnElement[bool]:
    """SQL: whether this entry of the roll is of somebody who neither left nor died."""
    return and_(*(RollEntry.status != literal(each) for each in sorted(CLOSED_SPACE)))


def goes_on_of(table: Bearer) -> ColumnElement[bool]:
    """SQL: `goes_on` for a member of the space of a row that names an account, which need not be
    joined: of several, one who is here is enough."""
    own = exists().where(Account.id == table.account_id, RollEntry.id == Account.roll_id)
    beside = exists().where(
        JoinedMember.account_id == table.account_id, RollEntry.id == JoinedMember.roll_id
    )
    return or_(own.where(goes_on()), beside.where(goes_on()))
