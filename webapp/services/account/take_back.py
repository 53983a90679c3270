"""The owner takes the account back: what a stranger may have done to it ends, all at once."""

from datetime import datetime
from typing import NamedTuple, TypedDict, Unpack

from sqlalchemy import ColumnElement, and_, delete, or_, select, update

from webapp.models import Account, Authenticator, JoinedMember
from webapp.services.account import recovery
from webapp.services.kernel import new_beginning
from webapp.services.kernel.work import Work
from webapp.services.sign_in.recent_factors import FACTORS, Factor


class TakenBack(NamedTuple):
    """The account as it now is; `since` as a moment, `joined`: how many share it."""

    id: int
    email: str
    email_key: str
    epoch: int
    joined: int
    since: datetime


class NewAddress(TypedDict, total=False):
    """What may be written on the account beside."""

    email: str
    email_key: str


def take_back(
    work: Work,
    account_id: int | None,
    *,
    since: ColumnElement[datetime],
    provided: ColumnElement[bool] | None = None,
    **changes: Unpack[NewAddress],
) -> TakenBack | None:
    """Every session and trusted device of the account ends, its password matches nothing, second
    steps younger than `since` are removed, closings that were asked for are forgotten, and a link
    to a new password leaves to its address.

    `changes` are written on the account too. Nothing at all is done, and None returned, unless the
    account exists and `provided` holds.
    """
    account = _void_password(work, account_id, since, provided, changes)
    if account is None:
        return None
    # looked for once the account is ours: one that was about to be added is there by now, or
    # refused (new_beginning.lock_account)
    young = {each: _young(each, account) for each in FACTORS}
    which = [select(t.id).where(is_young).exists() for t, is_young in young.items()]
    there = recovery.force(work, account, *which)
    for (table, is_young), any_there in zip(young.items(), there, strict=True):
        if any_there:
            work.db.execute(delete(table).where(is_young))
    new_beginning.end_all(work, account.id)
    if account.joined:
        theirs = update(JoinedMember).where(JoinedMember.account_id == account.id)
        work.db.execute(theirs.values(closing_at=None))
    return account


def _void_password(
    work: Work,
    account_id: int | None,
    since: ColumnElement[datetime],
    provided: ColumnElement[bool] | None,
    changes: NewAddress,
) -> TakenBack | None:
    """One statement, from which on the account begins anew."""
    statement = update(Account).where(Account.id == account_id)
    if provided is not None:
        statement = statement.where(provided)
    row = work.db.execute(
        # the mailed code is asked again, and nothing is erased: both may have been the stranger's
        statement.values(
            password_hash="",
            mailed_code_off=False,
            closing_at=None,
            **changes,
            **new_beginning.counted(),
        ).returning(
            Account.id,
            Account.email,
            Account.email_key,
            Account.epoch,
            Account.joined,
            since.label("since"),
        )
    ).first()
    return TakenBack(*row) if row else None


def _young(table: Factor, account: TakenBack) -> ColumnElement[bool]:
    """An authenticator app counts from its first right code on."""
    young = table.created_at >= account.since
    if table is Authenticator:
        young = or_(young, Authenticator.confirmed_at >= account.since)
    return and_(table.account_id == account.id, young)
