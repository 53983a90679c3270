"""A link to a new password: looked at as often as one likes, used once. It signs nobody in."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, false, select, update

from webapp.models import Account, Recovery, RollEntry
from webapp.rules import limits
from webapp.rules.factors import Removed
from webapp.rules.refusals import Refusal
from webapp.rules.statuses import NO_ENTRY, SUSPENDED
from webapp.services.account import password as own_password
from webapp.services.kernel import household, journal, membership, new_beginning, throttle
from webapp.services.kernel.work import Work
from webapp.services.mail import notices
from webapp.services.roll import numbers
from webapp.services.sign_in import recent_factors
from webapp.services.sign_in.recent_factors import RecentStep


@dataclass(frozen=True)
class RecoveryLink:
    """What a link is worth: `state` is ready, used, over, shut (its members left or died), held
    (the space is suspended), or unknown (not ours); `asks_number` when nobody gave the member
    number for it yet: `recent` names no second step then, and that somebody left is told once the
    number was right. `email`: the address that a ready one was mailed to."""

    state: str
    asks_number: bool = False
    recent: tuple[RecentStep, ...] = ()
    email: str = ""


@dataclass(frozen=True)
class Chosen:
    """Whose password it is that was chosen, and the second steps removed with it."""

    account_id: int
    removed: tuple[Removed, ...]


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
        every = (recent_factors.EVERY,) if row.has_recent else ()
        return RecoveryLink("ready", True, every, row.email)
    if row.status in NO_ENTRY:
        return RecoveryLink("held" if row.status == SUSPENDED else "shut")
    recent = recent_factors.listed(work, row.account_id) if row.has_recent else ()
    return RecoveryLink("ready", False, recent, row.email)


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
    missing_number, recovery_number_wrong, recovery_number_closed, membership_over, space_held,
    or the password's weakness.
    """
    opened = work.world.seals.open_link("recovery", token)
    row = _find(work, opened[0]) if opened else None
    if row is None or not _alive(work, row):
        raise Refusal("recovery_over")
    if not row.password_hash:
        _check_number(work, row, number)
    if shut := membership.refusal(row.status):
        raise shut
    if weak := own_password.weakness_of(work, row, password):
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
    roll_id: int
    number: str
    first_name: str
    last_name: str
    status: str
    joined: int
    has_recent: bool


def _check_number(work: Work, row: _Found, number: str | None) -> None:
    """Before the password is looked at: its weakness would tell of a number that it contains."""
    if number is None:
        raise Refusal("missing_number", "number")
    limit, subject = limits.RECOVERY_NUMBER, str(row.account_id)
    throttle.spend(work, limit, subject, "recovery_number_closed", field="number")
    work.settle()
    if numbers.id_of(work, number) in _members(work, row):
        throttle.refund(work, limit, subject)
        return
    journal.write(work, "recovery.number_refused", account_id=row.account_id)
    raise throttle.failed(work, Refusal("recovery_number_wrong", "number"), gated=False)


def _members(work: Work, row: _Found) -> set[int]:
    """Whose number opens the link: of several who share a space, any one's."""
    if not row.joined:
        return {row.roll_id}
    return {each.roll_id for each in household.persons(work, row.account_id)}


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
            Account.roll_id,
            RollEntry.number,
            RollEntry.first_name,
            RollEntry.last_name,
            household.status(),
            Account.joined,
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
