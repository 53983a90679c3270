"""A space is suspended: from then on nobody enters it or changes anything in it, until it is
resumed. Every door asks (services/kernel/membership.py, household.status)."""

from sqlalchemy import ColumnElement, update

from webapp.models import Account
from webapp.rules.refusals import Refusal
from webapp.services.desk import whom
from webapp.services.kernel import journal, new_beginning
from webapp.services.kernel.work import Work
from webapp.services.mail import notices


def suspend(work: Work, roll_id: int, reason: str) -> None:
    """Everybody is out at once, remembered devices are forgotten; what a newer letter began waits.
    Once. Raises Refusal: desk_no_space, desk_suspended."""
    account_id = _change(work, roll_id, Account.suspended_at.is_(None), suspended=True)
    journal.write(work, "space.suspended", account_id=account_id, reason=reason)


def resume(work: Work, roll_id: int, reason: str) -> None:
    """The space opens again, with the same address and password. Who signed in while it was
    suspended is out. Once. Raises Refusal: desk_no_space, desk_not_suspended."""
    account_id = _change(work, roll_id, Account.suspended_at.is_not(None), suspended=False)
    journal.write(work, "space.resumed", account_id=account_id, reason=reason)


def _change(work: Work, roll_id: int, now_so: ColumnElement[bool], *, suspended: bool) -> int:
    """One statement, which of several callers one passes, and a new beginning of the account."""
    account_id = whom.space_of(work, roll_id)
    if account_id is None:
        raise Refusal("desk_no_space")
    at = work.now if suspended else None
    email = work.db.execute(
        update(Account)
        .where(Account.id == account_id, now_so)
        .values(suspended_at=at, **new_beginning.counted())
        .returning(Account.email)
    ).scalar()
    if email is None:
        raise Refusal("desk_suspended" if suspended else "desk_not_suspended")
    new_beginning.end_begun(work, account_id)
    notices.tell(work, "suspension", to=email, suspended=suspended)
    return account_id
