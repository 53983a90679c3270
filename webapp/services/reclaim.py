"""The owner takes the account back: what a stranger may have done to it ends, all at once."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, or_, select, update

from webapp.models import Account, Authenticator, Passkey, RecoveryCode
from webapp.services import devices, recovery, sessions
from webapp.services.work import AnyRow, Work

SECOND_STEPS = (Passkey, Authenticator, RecoveryCode)


def take_back(
    work: Work,
    account_id: int | None,
    *,
    since: ColumnElement[datetime],
    provided: ColumnElement[bool] | None = None,
    **changes: Any,
) -> AnyRow | None:
    """Every session and trusted device of the account ends, its password matches nothing, second
    steps younger than `since` are removed, a closing that was asked for is forgotten, and a link to
    a new password leaves to its address.

    `changes` are written on the account too. Nothing at all is done, and None returned, unless the
    account exists and `provided` holds. The row returned carries `since` as a moment.
    """
    account = _void_password(work, account_id, since, provided, changes)
    if account is None:
        return None
    # what opens sessions first: a sign-in under way with it ends before its session is looked for
    devices.forget_all(work, account.id)
    for table in SECOND_STEPS:
        if getattr(account, table.__tablename__):
            work.db.execute(
                delete(table).where(table.account_id == account.id, _younger(table, account.since))
            )
    sessions.end_all(work, account.id)
    recovery.force(work, account)
    return account


def _void_password(
    work: Work,
    account_id: int | None,
    since: ColumnElement[datetime],
    provided: ColumnElement[bool] | None,
    changes: dict[str, Any],
) -> AnyRow | None:
    """One statement: it voids the password and says which second steps there are to remove."""
    statement = update(Account).where(Account.id == account_id)
    if provided is not None:
        statement = statement.where(provided)
    steps = [
        select(table.id)
        .where(table.account_id == account_id, _younger(table, since))
        .exists()
        .label(table.__tablename__)
        for table in SECOND_STEPS
    ]
    return work.db.execute(
        # the mailed code is asked again, and nothing is erased: both may have been the stranger's
        statement.values(
            password_hash="", mailed_code_off=False, closing_at=None, **changes
        ).returning(Account.id, Account.email, Account.email_key, since.label("since"), *steps)
    ).first()


def _younger(table: Any, since: Any) -> ColumnElement[bool]:
    """An authenticator app counts from its first right code on."""
    young: ColumnElement[bool] = table.created_at >= since
    if table is Authenticator:
        return or_(young, Authenticator.confirmed_at >= since)
    return young
