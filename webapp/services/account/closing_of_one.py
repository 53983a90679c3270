"""One of several members leaves the space that they share: what their closing (closing.py) writes,
in the place of the account's own."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_, update

from webapp.models import Account, JoinedMember
from webapp.rules.ranks import Member
from webapp.services.kernel import household, new_beginning
from webapp.services.kernel.work import Work


def due_at(work: Work, session: Member) -> datetime | None:
    """When the member shown leaves, None when they did not ask for it."""
    everybody = household.persons(work, session.account_id)
    return next((each.closing_at for each in everybody if each.roll_id == session.roll_id), None)


def change(work: Work, session: Member, closing_at: datetime | None) -> bool:
    """Write when they leave, or that they stay (None); False when that is so already.

    The account's row is locked first: whoever leaves meanwhile makes another its first member
    (services/kernel/promotion.py). Nothing begins anew, since the space is the others' too.
    """
    new_beginning.lock_account(work, session)
    for table, own in ((Account, first(session)), (JoinedMember, _joined(session))):
        other = table.closing_at.is_(None) if closing_at else table.closing_at.is_not(None)
        changed = update(table).where(own, other).values(closing_at=closing_at)
        if work.db.execute(changed).rowcount == 1:
            return True
    return False


def stays(session: Member) -> ColumnElement[bool]:
    """SQL, where Account is asked: whether they did not ask to leave."""
    joined = exists().where(_joined(session), JoinedMember.closing_at.is_(None))
    return or_(joined, and_(first(session), Account.closing_at.is_(None)))


def first(session: Member) -> ColumnElement[bool]:
    """SQL: the session's account, while the member shown is its first."""
    return and_(Account.id == session.account_id, Account.roll_id == session.roll_id)


def _joined(session: Member) -> ColumnElement[bool]:
    own = JoinedMember.account_id == session.account_id
    return and_(own, JoinedMember.roll_id == session.roll_id)
