"""Devices that a member chose: trusted for the second step, seen and forgotten in the space."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    SQLColumnExpression,
    bindparam,
    delete,
    exists,
    false,
    insert,
    or_,
    select,
    update,
)

from webapp.models import Account, Device
from webapp.models.base import Moment, table
from webapp.models.prepared import Prepared, PreparedChange
from webapp.rules import lifetimes
from webapp.services.kernel import journal, new_beginning
from webapp.services.kernel.sessions import hashed
from webapp.services.kernel.work import Work


@dataclass(frozen=True)
class DeviceFacts:
    """A device as the space lists it."""

    id: int
    agent: str
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime
    trusted: bool


_TABLE = table(Device)


class _Remembered(NamedTuple):
    email: str


_REMEMBERED = Prepared(
    _Remembered,
    select(Account.email)
    .join(Device, Device.account_id == Account.id)
    .where(Device.secret_hash == bindparam("held"))
    .where(Device.expires_at > bindparam("now", type_=Moment))
    .where(new_beginning.current(Device.epoch)),
)


def remembered_email(work: Work, secret: str) -> str | None:
    """The address to fill in on the device that holds this secret, None for a stranger."""
    row = _REMEMBERED.first(work.db, {"held": hashed(secret), "now": work.now})
    return row.email if row else None


def life(work: Work) -> timedelta:
    """How long a device chosen today is remembered, and its cookie with it."""
    days = work.world.trusted_device_days
    return timedelta(days=days) if days else lifetimes.REMEMBERED_ADDRESS


class _Remember(NamedTuple):
    id: int


_REMEMBER = Prepared(_Remember, insert(_TABLE).returning(_TABLE.c.id))


def remember(work: Work, account_id: int, agent: str, epoch: int | None = None) -> tuple[int, str]:
    """Remember this device; returns its row's id and the secret for its cookie. `epoch`: its
    account's when both steps were proved."""
    secret = work.world.chance.token()
    values = {
        "account_id": account_id,
        "secret_hash": hashed(secret),
        "trusted": work.world.trusted_device_days > 0,
        "agent": agent,
        "epoch": epoch,
        "created_at": work.now,
        "last_used_at": work.now,
        "expires_at": work.now + life(work),
    }
    return _REMEMBER.one(work.db, values).id, secret


_USED = PreparedChange(
    update(_TABLE)
    .where(_TABLE.c.id == bindparam("device"))
    # not one that just stayed through a new beginning: it bears the new count
    .where(or_(_TABLE.c.epoch.is_(None), _TABLE.c.epoch == bindparam("proved")))
    .where(
        _TABLE.c.account_id
        == new_beginning.held(
            Account.id == bindparam("whose"), Account.epoch == bindparam("proved")
        )
    )
)


def used(work: Work, device_id: int, account_id: int, epoch: int) -> bool:
    """Write when the device last opened the space; it does not live longer for that. `epoch`:
    its account's, read with the device.

    False when it was forgotten meanwhile: it may open nothing any more.
    """
    which = {"device": device_id, "whose": account_id, "proved": epoch}
    written = {"last_used_at": work.now, "epoch": epoch}
    return _USED.run(work.db, which | written) == 1


def live(now: datetime | BindParameter[datetime]) -> tuple[SQLColumnExpression[bool], ...]:
    """SQL: what holds of a device that stands for the second factor, its account joined."""
    return Device.trusted, Device.expires_at > now, new_beginning.current(Device.epoch)


def trusted(work: Work, secret: str | None) -> ColumnElement[bool]:
    """SQL: whether this secret is that of a trusted device of the account of the row."""
    if not secret or not work.world.trusted_device_days:
        return false()
    held = (Device.account_id == Account.id, Device.secret_hash == hashed(secret))
    return exists().where(*held, *live(work.now))


def forget(work: Work, account_id: int, device_id: int) -> bool:
    """Forget a device of this account; False when it has no such device (any more)."""
    gone = work.db.execute(
        delete(Device).where(Device.id == device_id, Device.account_id == account_id)
    )
    if gone.rowcount:
        journal.write(work, "device.forgotten", account_id=account_id)
    return gone.rowcount == 1


def stay(work: Work, account_id: int | None, epoch: int) -> None:
    """Carry the account's trusted devices over to its new count."""
    former = or_(Device.epoch.is_(None), Device.epoch == epoch - 1)
    own = update(Device).where(Device.account_id == account_id, former)
    work.db.execute(own.values(epoch=epoch))
