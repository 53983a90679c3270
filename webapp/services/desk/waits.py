"""Which limits on tries are closed for one member, and until when.

The table of limits names nobody: its keys are keyed hashes. Whoever knows whose tries are counted
under which words finds them again; the services that count name those words, and a test plays each
of them against this table.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, select

from webapp.models import Throttle
from webapp.models.lists import Places, PreparedLists
from webapp.rules import credentials, limits
from webapp.rules.limits import Limit
from webapp.services.kernel import new_beginning, throttle
from webapp.services.kernel.work import Work


@dataclass(frozen=True)
class Whose:
    """The words under which a member's tries are counted; those of a space are empty without.
    `registrations`, `devices`: the ids of theirs."""

    roll_id: int
    number: str
    registrations: Sequence[str] = ()
    account_id: int | None = None
    email_key: str = ""
    password_hash: str = ""
    epoch: int = 0
    devices: Sequence[int] = ()


@dataclass(frozen=True)
class Wait:
    """A limit that is closed until then. `device`: for the browser that it trusts alone."""

    limit: str
    until: datetime
    device: bool = False


class _Row(NamedTuple):
    key: str
    used: int
    window_ends: datetime
    closed_until: datetime


def _kept(places: Places) -> Select[*tuple[Any, ...]]:
    columns = (getattr(Throttle, name) for name in _Row._fields)
    return select(*columns).where(Throttle.key.in_(places["keys"]))


_KEPT = PreparedLists(_Row, _kept, "keys")


def closed(work: Work, whose: Whose) -> tuple[Wait, ...]:
    """What this member has to wait for at this moment, the longest wait first."""
    waits = [wait for _, wait in _closed(work, whose)]
    return tuple(sorted(waits, key=lambda wait: (wait.until, wait.limit), reverse=True))


def closed_keys(work: Work, whose: Whose) -> list[str]:
    """The rows in which these waits are counted, for whoever lifts them."""
    return [key for key, _ in _closed(work, whose)]


def _closed(work: Work, whose: Whose) -> Iterator[tuple[str, Wait]]:
    counted = {
        key: (limit, subject)
        for limit, subject in _counted(whose)
        for key in throttle.keys(work, limit.name, subject)
    }
    for row in _KEPT.all(work.db, {"keys": [*counted]}, {}):
        limit, subject = counted[row.key]
        full = row.window_ends if row.used >= limit.tries else work.now
        until = row.closed_until if limit.doubling else full
        if until > work.now:
            yield row.key, Wait(limit.name, until, device=subject.startswith("device:"))


def _counted(whose: Whose) -> Iterator[tuple[Limit, str]]:
    yield limits.ACCESS_CODE, credentials.identity(whose.number)
    yield limits.REGISTRATION_MAIL, str(whose.roll_id)
    yield limits.REGISTRATION_RESEND, str(whose.roll_id)
    for registration_id in whose.registrations:
        yield limits.ACTIVATION_CODE, registration_id
    if whose.account_id is not None:
        yield from _of_space(whose, str(whose.account_id))


def _of_space(whose: Whose, account: str) -> Iterator[tuple[Limit, str]]:
    yield limits.PASSWORD, f"{whose.email_key} {whose.password_hash}"
    for device_id in whose.devices:
        yield limits.PASSWORD, f"device:{device_id}"
    yield limits.PRESENT_PASSWORD, f"{account} {whose.password_hash}"
    yield limits.RECOVERY, f"{credentials.identity(whose.number)} {whose.email_key}"
    subject = new_beginning.subject(whose.account_id, whose.epoch)
    for limit in (limits.CODE_ACCOUNT, limits.CODE_MAIL, limits.CODE_RESEND):
        yield limit, subject
    for limit in (
        limits.RECOVERY_NUMBER, limits.ADDRESS_MAIL, limits.ADDRESS_CODE, limits.CLOSING_CODE,
        limits.APP_SETUP,
    ):  # fmt: skip
        yield limit, account
