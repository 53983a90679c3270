"""A takeover's day is over: the account opens with the new address and password alone."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, delete, select, update
from sqlalchemy.exc import IntegrityError

from webapp.models import (
    Account,
    AddressChange,
    Authenticator,
    Passkey,
    Recovery,
    RecoveryCode,
    RollEntry,
)
from webapp.services.account import terms
from webapp.services.kernel import journal, membership, new_beginning
from webapp.services.kernel.work import Work
from webapp.services.mail import notices
from webapp.services.takeover import waiting
from webapp.services.takeover.proved import Kind
from webapp.services.takeover.waiting import TAKEOVER

# What the former owner's hands could still hold.
_HELD = (Recovery, Passkey, Authenticator, RecoveryCode)


class Shared(Exception):
    """Several members share the space by now: nothing of it may be taken over."""


def due(work: Work) -> bool:
    """Whether a takeover's time has come, without taking a write lock."""
    return work.db.execute(_due(work).limit(1)).first() is not None


def apply_due(work: Work) -> int:
    """Let every takeover whose time has come take effect; returns how many did here."""
    return apply_each(work, _due(work), _apply)


def apply_each(work: Work, ids: Select[str], apply: Callable[[Work, str], bool]) -> int:
    """Let each of these take effect once and in a transaction of its own, whatever number of
    processes do it; returns how many did here."""
    found: Sequence[str] = work.db.execute(ids).scalars().all()
    work.settle()
    applied = 0
    for each in found:
        applied += apply(work, each)
        work.settle()
    return applied


def due_of(work: Work, kind: Kind, *conditions: ColumnElement[bool]) -> Select[str]:
    """Those of members who left or died wait until the roll says otherwise, those of a suspended
    space until it is resumed."""
    table = kind.table
    return (
        select(table.id)
        .join(Account, Account.id == table.account_id)
        .join(RollEntry, RollEntry.id == kind.whose)
        .where(membership.goes_on(), *conditions)
        .where(table.state == "waiting", table.effective_at <= work.now)
        .order_by(table.effective_at)
    )


def _due(work: Work) -> Select[str]:
    return due_of(work, TAKEOVER, Account.joined == 0)


class Due(NamedTuple):
    """What has come due: the account, its member, and what they chose."""

    id: str
    account_id: int
    roll_id: int
    number: str
    civility: str
    first_name: str
    last_name: str
    code_mac: bytes | None
    email: str
    email_key: str
    password_hash: str
    terms_version: str
    terms_hash: str
    terms_at: datetime
    terms_origin: str


def taken_up(work: Work, kind: Kind, which: str) -> Due | None:
    """The one of this id, to one caller alone; None when it was stopped, or is another's."""
    table = kind.table
    found = work.db.execute(
        select(
            table.id,
            table.account_id,
            kind.whose,
            RollEntry.number,
            RollEntry.civility,
            RollEntry.first_name,
            RollEntry.last_name,
            kind.used,
            table.email,
            table.email_key,
            table.password_hash,
            table.terms_version,
            table.terms_hash,
            table.terms_at,
            table.terms_origin,
        )
        .join(Account, Account.id == table.account_id)
        .join(RollEntry, RollEntry.id == kind.whose)
        .where(table.id == which)
    ).first()
    if found is None or not waiting.end(work, which, "done", kind):
        return None
    return Due._make(found)


def _apply(work: Work, takeover_id: str) -> bool:
    row = taken_up(work, TAKEOVER, takeover_id)
    if row is None:
        return False
    try:
        former = _give(work, row)
    except Shared:
        work.undo()  # services/household/effect.py lets this member leave instead
        return False
    if former is None:
        give_up(work, TAKEOVER, row)
        journal.write(work, "takeover.stopped", account_id=row.account_id, by="address_taken")
        return False
    _end_what_the_former_opened(work, row)
    terms.keep_proof(work, row.account_id, row)
    journal.write(work, "takeover.done", account_id=row.account_id, roll_id=row.roll_id)
    for to in waiting.both(former, row.email):
        notices.tell(work, "takeover_done", to=to)
    return True


def _give(work: Work, row: Due) -> str | None:
    """The account with its new address and password; returns the former address, None when the
    new one became somebody else's in that day.

    Who proved a newer letter wants the space: a closing asked for before is forgotten. Raises
    Shared.
    """
    try:
        with work.db.begin_nested():
            former = _write(work, row)
    except IntegrityError:
        return None
    return former


def _write(work: Work, row: Due) -> str:
    # before the account is locked, in the order of who confirms or undoes one of them
    work.db.execute(delete(AddressChange).where(AddressChange.account_id == row.account_id))
    first = Account.id == row.account_id, Account.roll_id == row.roll_id
    own = *first, Account.joined == 0, Account.suspended_at.is_(None)
    former: str | None = work.db.execute(
        select(Account.email).where(*own).with_for_update()
    ).scalar()
    if former is None:
        raise Shared(row.account_id)
    work.db.execute(
        update(Account)
        .where(Account.id == row.account_id)
        .values(
            email=row.email,
            email_key=row.email_key,
            password_hash=row.password_hash,
            terms_version=row.terms_version,
            mailed_code_off=False,
            closing_at=None,
            **new_beginning.counted(),
        )
    )
    return former


def give_up(work: Work, kind: Kind, row: Due) -> None:
    """The address serves another account now: nothing changes, and its holder is told."""
    table = kind.table
    work.db.execute(update(table).where(table.id == row.id).values(state="stopped"))
    notices.tell(work, "takeover_taken", to=row.email)


def _end_what_the_former_opened(work: Work, row: Due) -> None:
    for table in _HELD:
        work.db.execute(delete(table).where(table.account_id == row.account_id))
    new_beginning.end_all(work, row.account_id)
