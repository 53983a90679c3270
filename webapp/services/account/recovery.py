"""A forgotten password: a link to choose another is mailed (services/account/recovery_link.py
takes it). It never signs in.

Both steps of the sign-in would otherwise hang on the mailbox alone, so the member number is asked
as well: with the address, or with the new password where a link came by itself (`force`). The next
sign-in asks for its mailed code as always.
"""

from datetime import datetime
from typing import NamedTuple, Protocol

from sqlalchemy import ColumnElement, and_, insert, select

from webapp.models import Account, Recovery, RollEntry
from webapp.rules import credentials, lifetimes, limits
from webapp.rules.refusals import Refusal
from webapp.services.kernel import household, journal, throttle
from webapp.services.kernel.work import Work
from webapp.services.mail import outbox
from webapp.services.roll import numbers
from webapp.services.sign_in import devices


class _Account(NamedTuple):
    id: int
    email: str
    email_key: str
    epoch: int
    password_hash: str
    trusted: bool


def ask(work: Work, *, email: str, number: str, device_secret: str | None = None) -> None:
    """Mail a link when address and number belong together; the same answer when they don't.

    Raises Refusal("recovery_closed") when this address of origin asked too often, unless a trusted
    device of the account asks. Too many links for one member are not told: that would tell of an
    account. Wrong numbers count apart, so that a stranger who knows an address can't keep its owner
    from recovering.
    """
    key = credentials.email_key(email)
    account, tries = _whose(work, key, number, device_secret)
    if account is None or not account.trusted:
        throttle.ask_recovery(work)
    journal.write(work, "recovery.asked", account_id=account.id if account else None)
    try:
        throttle.spend(work, limits.RECOVERY, f"{tries} {key}", "recovery_closed")
    except Refusal:
        return
    if account is not None:
        _mail(work, account)
    else:
        _mail_nobody(work)


def _whose(
    work: Work, email_key: str, number: str, device_secret: str | None
) -> tuple[_Account | None, str]:
    """The account that address and number lead to, and whose tries these are: of several members
    who share a space, any one's number leads to it."""
    theirs = household.account_of(RollEntry.id)
    near = work.db.execute(
        select(
            RollEntry.number,
            Account.id,
            Account.email,
            Account.email_key,
            Account.epoch,
            Account.password_hash,
            devices.trusted(work, device_secret),
        )
        .outerjoin(Account, and_(Account.id == theirs, Account.email_key == email_key))
        .where(numbers.may_be_meant()),
        numbers.readings(number),
    ).all()
    entry = numbers.meant(near, number)
    account = None if entry is None or entry.id is None else _Account(*entry[1:])
    return account, numbers.bucket(entry, number)


class Asks(Protocol):
    """An account that asks for a new password."""

    @property
    def id(self) -> int: ...
    @property
    def email(self) -> str: ...
    @property
    def email_key(self) -> str: ...
    @property
    def epoch(self) -> int: ...


def force(work: Work, account: Asks, *more: ColumnElement[bool]) -> list[bool]:
    """Mail a link to an account whose password was taken away: the caller has proved its owner.

    The link asks for the member number: a change of address is undone by who reads the former
    mailbox, and the mailbox alone opens nothing. `account`: id, email, email_key and epoch of a row
    whose password_hash is empty now. Returns what `more` is, asked in the same statement.
    """
    recovery_id, expires, answers = _open(work, account, "", *more)
    # not counted with the notices: a flood of them may not hold it back
    outbox.post(
        work,
        "password_forced",
        to=account.email,
        best_before=expires,
        life=lifetimes.RECOVERY_LINK,
        token=work.world.seals.seal_link("recovery", recovery_id),
    )
    return answers


def _mail(work: Work, account: _Account) -> None:
    recovery_id, expires, _ = _open(work, account, account.password_hash)
    _post(work, account.email, recovery_id, expires)


def _open(
    work: Work, account: Asks, password_hash: str, *more: ColumnElement[bool]
) -> tuple[str, datetime, list[bool]]:
    """A request for a new password; returns its id, its end, and what `more` is."""
    recovery_id, expires, *answers = work.db.execute(
        insert(Recovery)
        .values(
            id=work.world.chance.row_id(),
            account_id=account.id,
            fingerprint=_fingerprint(work, account.email_key, password_hash),
            epoch=account.epoch,
            created_at=work.now,
            expires_at=work.now + lifetimes.RECOVERY_LINK,
        )
        .returning(Recovery.id, Recovery.expires_at, *more)
    ).one()
    return recovery_id, expires, answers


def _mail_nobody(work: Work) -> None:
    """Do the same work as for a mail that leaves, so that the answer takes equally long."""
    thrown_away = work.db.begin_nested()
    _post(work, "", work.world.chance.row_id(), work.now + lifetimes.RECOVERY_LINK)
    thrown_away.rollback()


def _post(work: Work, to: str, recovery_id: str, expires: datetime) -> None:
    outbox.post(
        work,
        "recovery",
        wake=False,
        to=to,
        best_before=expires,
        life=lifetimes.RECOVERY_LINK,
        token=work.world.seals.seal_link("recovery", recovery_id),
    )


def _fingerprint(work: Work, email_key: str, password_hash: str) -> bytes:
    return work.world.seals.mac("recovery", email_key, password_hash)
