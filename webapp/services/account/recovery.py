"""A forgotten password: a mailed link to choose another. It never signs in.

Both steps of the sign-in would otherwise hang on the mailbox alone, so the member number is asked
as well: with the address, or with the new password where a link came by itself (`force`). The next
sign-in asks for its mailed code as always.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from sqlalchemy import ColumnElement, false, insert, select, update

from webapp.models import Account, Recovery, RollEntry
from webapp.rules import credentials, lifetimes, limits
from webapp.rules.factors import Removed
from webapp.rules.passwords import weakness
from webapp.rules.refusals import Refusal
from webapp.services.kernel import journal, new_beginning, throttle
from webapp.services.kernel.work import Work
from webapp.services.mail import notices, outbox
from webapp.services.sign_in import devices, recent_factors
from webapp.services.sign_in.recent_factors import RecentStep


@dataclass(frozen=True)
class RecoveryLink:
    """What a link is worth: `state` is ready, used, over, or unknown (not ours); `asks_number`
    when nobody gave the member number for it yet: `recent` names no second step then."""

    state: str
    asks_number: bool = False
    recent: tuple[RecentStep, ...] = ()


@dataclass(frozen=True)
class Chosen:
    """Whose password it is that was chosen, and the second steps removed with it."""

    account_id: int
    removed: tuple[Removed, ...]


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
    trusted = devices.trusted(work, device_secret)
    found = work.db.execute(
        select(
            Account.id,
            Account.email,
            Account.email_key,
            Account.epoch,
            Account.password_hash,
            trusted,
        )
        .join(RollEntry, RollEntry.id == Account.roll_id)
        .where(Account.email_key == key, RollEntry.number_key == number)
    ).first()
    account = _Account(*found) if found else None
    if account is None or not account.trusted:
        throttle.ask_recovery(work)
    journal.write(work, "recovery.asked", account_id=account.id if account else None)
    try:
        throttle.spend(work, limits.RECOVERY, f"{number} {key}", "recovery_closed")
    except Refusal:
        return
    if account is not None:
        _mail(work, account)
    else:
        _mail_nobody(work)


def look(work: Work, token: str) -> RecoveryLink:
    """What a link is worth, changing nothing."""
    opened = work.world.seals.open_link("recovery", token)
    if opened is None:
        return RecoveryLink("unknown")
    whose = select(Recovery.account_id).where(Recovery.id == opened[0]).scalar_subquery()
    row = _find(work, opened[0], recent_factors.some(work, whose))
    if row is not None and row.used_at is not None:
        return RecoveryLink("used")
    if row is None or not _alive(work, row):
        return RecoveryLink("over")
    if not row.password_hash:
        return RecoveryLink("ready", True, (recent_factors.EVERY,) if row.has_recent else ())
    recent = recent_factors.listed(work, row.account_id) if row.has_recent else ()
    return RecoveryLink("ready", recent=recent)


def link_state(work: Work, token: str) -> str:
    """What a link is worth, in one word, changing nothing."""
    return look(work, token).state


def choose(
    work: Work,
    token: str,
    *,
    password: str,
    number: str | None = None,
    remove: Collection[str] = (),
) -> Chosen:
    """Set the new password, once; every session and trusted device of the account ends, and the
    recent second steps of the keys `remove`.

    `number` is the member number where the link asks for it. Raises Refusal: recovery_over,
    missing_number, recovery_number_wrong, recovery_number_closed, or the password's weakness.
    """
    opened = work.world.seals.open_link("recovery", token)
    row = _find(work, opened[0]) if opened else None
    if row is None or not _alive(work, row):
        raise Refusal("recovery_over")
    if not row.password_hash:
        _check_number(work, row, number)
    names = (row.first_name, row.last_name)
    if weak := weakness(password, email=row.email, member_number=row.number, names=names):
        raise Refusal(weak, "password")
    work.settle()
    password_hash = work.world.hasher.hash(password)
    uncounted = _change_password(work, row, password_hash)
    work.db.execute(update(Recovery).where(Recovery.id == row.id).values(used_at=work.now))
    if uncounted:
        new_beginning.sweep_begun(work, row.account_id)
    journal.write(work, "recovery.done", account_id=row.account_id)
    removed = recent_factors.remove(work, row.account_id, remove, email=row.email)
    return Chosen(row.account_id, removed)


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


class _Found(NamedTuple):
    id: str
    account_id: int
    fingerprint: bytes
    expires_at: datetime
    used_at: datetime | None
    epoch: int | None
    account_epoch: int
    email: str
    email_key: str
    password_hash: str
    number: str
    first_name: str
    last_name: str
    has_recent: bool


def _check_number(work: Work, row: _Found, number: str | None) -> None:
    """Before the password is looked at: its weakness would tell of a number that it contains."""
    if number is None:
        raise Refusal("missing_number", "number")
    limit, subject = limits.RECOVERY_NUMBER, str(row.account_id)
    throttle.spend(work, limit, subject, "recovery_number_closed", field="number")
    work.settle()
    if number == credentials.member_number(row.number):
        throttle.refund(work, limit, subject)
        return
    journal.write(work, "recovery.number_refused", account_id=row.account_id)
    raise throttle.failed(work, Refusal("recovery_number_wrong", "number"), gated=False)


def _change_password(work: Work, row: _Found, password_hash: str) -> bool:
    """Store the new password, end what the old one opened, tell the owner; returns whether anything
    begun bears no count. The delay after wrong passwords ends by itself: tries are counted for one
    password (services/sign_in/first_factor.py).

    Only while password and address are those the link was made for: of links used at once,
    and of one link used at once, one comes through.
    """
    changed = work.db.execute(
        update(Account)
        .where(Account.id == row.account_id, Account.password_hash == row.password_hash)
        .where(Account.email_key == row.email_key, Account.epoch == row.account_epoch)
        .values(password_hash=password_hash, **new_beginning.counted())
        .returning(new_beginning.any_uncounted(row.account_id))
    ).first()
    if changed is None:
        raise Refusal("recovery_over")
    new_beginning.end_all(work, row.account_id)
    notices.tell(work, "password_changed", to=row.email)
    return bool(changed.uncounted)


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


def _find(
    work: Work, recovery_id: str, has_recent: ColumnElement[bool] | None = None
) -> _Found | None:
    row = work.db.execute(
        select(
            Recovery.id,
            Recovery.account_id,
            Recovery.fingerprint,
            Recovery.expires_at,
            Recovery.used_at,
            Recovery.epoch,
            Account.epoch.label("account_epoch"),
            Account.email,
            Account.email_key,
            Account.password_hash,
            RollEntry.number,
            RollEntry.first_name,
            RollEntry.last_name,
            false() if has_recent is None else has_recent,
        )
        .join(Account, Account.id == Recovery.account_id)
        .join(RollEntry, RollEntry.id == Account.roll_id)
        .where(Recovery.id == recovery_id)
    ).first()
    return _Found._make(row) if row else None


def _alive(work: Work, row: _Found) -> bool:
    parts = (row.email_key, row.password_hash)
    same = work.world.seals.same(row.fingerprint, "recovery", *parts)
    same = same and row.epoch in (None, row.account_epoch)
    return same and row.used_at is None and row.expires_at > work.now
