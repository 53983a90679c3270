"""A takeover's day is over: the account opens with the new address and password alone."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Select, delete, select, update
from sqlalchemy.exc import IntegrityError

from webapp.models import (
    Account,
    AddressChange,
    Authenticator,
    Passkey,
    Recovery,
    RecoveryCode,
    RollEntry,
    Takeover,
)
from webapp.services.account import terms
from webapp.services.kernel import journal, membership, new_beginning
from webapp.services.kernel.work import Work
from webapp.services.mail import notices
from webapp.services.takeover import waiting

# What the former owner's hands could still hold.
_HELD = (Recovery, Passkey, Authenticator, RecoveryCode)


def due(work: Work) -> bool:
    """Whether a takeover's time has come, without taking a write lock."""
    return work.db.execute(_due(work).limit(1)).first() is not None


def apply_due(work: Work) -> int:
    """Let every takeover whose time has come take effect, each once and in a transaction of its
    own, whatever number of processes do it; returns how many did here."""
    ids = work.db.execute(_due(work)).scalars().all()
    work.settle()
    applied = 0
    for each in ids:
        applied += _apply(work, each)
        work.settle()
    return applied


def _due(work: Work) -> Select[str]:
    """Those of members who left or died wait until the roll says otherwise."""
    return (
        select(Takeover.id)
        .join(Account, Account.id == Takeover.account_id)
        .join(RollEntry, RollEntry.id == Account.roll_id)
        .where(membership.goes_on())
        .where(Takeover.state == "waiting", Takeover.effective_at <= work.now)
        .order_by(Takeover.effective_at)
    )


class _Due(NamedTuple):
    id: str
    account_id: int
    roll_id: int
    email: str
    email_key: str
    password_hash: str
    terms_version: str
    terms_hash: str
    terms_at: datetime
    terms_origin: str


def _apply(work: Work, takeover_id: str) -> bool:
    found = work.db.execute(
        select(
            Takeover.id,
            Takeover.account_id,
            Account.roll_id,
            Takeover.email,
            Takeover.email_key,
            Takeover.password_hash,
            Takeover.terms_version,
            Takeover.terms_hash,
            Takeover.terms_at,
            Takeover.terms_origin,
        )
        .join(Account, Account.id == Takeover.account_id)
        .where(Takeover.id == takeover_id)
    ).first()
    if found is None or not waiting.end(work, takeover_id, "done"):
        return False
    row = _Due._make(found)
    former = _give(work, row)
    if former is None:
        _give_up(work, row)
        return False
    _end_what_the_former_opened(work, row)
    terms.keep_proof(work, row.account_id, row)
    journal.write(work, "takeover.done", account_id=row.account_id, roll_id=row.roll_id)
    for to in waiting.both(former, row.email):
        notices.tell(work, "takeover_done", to=to)
    return True


def _give(work: Work, row: _Due) -> str | None:
    """The account with its new address and password; returns the former address, None when the
    new one became somebody else's in that day.

    Who proved a newer letter wants the space: a closing asked for before is forgotten.
    """
    try:
        with work.db.begin_nested():
            former = _write(work, row)
    except IntegrityError:
        return None
    return former


def _write(work: Work, row: _Due) -> str:
    # before the account is locked, in the order of who confirms or undoes one of them
    work.db.execute(delete(AddressChange).where(AddressChange.account_id == row.account_id))
    former = work.db.execute(
        select(Account.email).where(Account.id == row.account_id).with_for_update()
    ).scalar_one()
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


def _give_up(work: Work, row: _Due) -> None:
    """The address serves another account now: nothing changes, and its holder is told."""
    work.db.execute(update(Takeover).where(Takeover.id == row.id).values(state="stopped"))
    journal.write(work, "takeover.stopped", account_id=row.account_id, by="address_taken")
    notices.tell(work, "takeover_taken", to=row.email)


def _end_what_the_former_opened(work: Work, row: _Due) -> None:
    for table in _HELD:
        work.db.execute(delete(table).where(table.account_id == row.account_id))
    new_beginning.end_all(work, row.account_id)
