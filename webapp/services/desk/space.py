"""The space of one member, from outside: since when, its second factors, what is open in it, what
waits to change it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, or_, select, true

from webapp.models import (
    Account,
    AddressChange,
    Authenticator,
    Device,
    Leaving,
    Passkey,
    RecoveryCode,
    StoredSession,
    Takeover,
)
from webapp.rules import credentials
from webapp.rules.persons import Person
from webapp.services.kernel import household, new_beginning
from webapp.services.kernel.work import Work


@dataclass(frozen=True)
class Factor:
    """A chosen second factor: passkey or app, without the name that whoever added it chose."""

    kind: str
    added_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True)
class Opened:
    """A session (rank: code, terms, member) or a trusted device (rank: device)."""

    rank: str
    agent: str
    since: datetime
    last_used_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class TakeoverState:
    """A newer letter's access. `state`: waiting (until `effective_at`), stopped, done. `leaves`: to
    a space of their own, away from the others."""

    state: str
    created_at: datetime
    effective_at: datetime
    ended_at: datetime | None
    leaves: bool = False


@dataclass(frozen=True)
class ChangeState:
    """A change of e-mail address. `state`: waiting (for its confirmation until `until`), or done
    (the former address may undo it until then)."""

    state: str
    masked_email: str
    created_at: datetime
    until: datetime


@dataclass(frozen=True)
class Space:
    """All of it. `must_choose`: no password opens it until another one is chosen. `since`: when
    this member joined it, None for its first; `others`: who shares it with them; `takeover`: or
    how they leave it. `suspended_at`: since when an operator keeps everybody out."""

    opened_at: datetime
    since: datetime | None
    others: tuple[Person, ...]
    masked_email: str
    must_choose: bool
    mailed_code_off: bool
    factors: tuple[Factor, ...]
    codes_left: int
    devices: tuple[Opened, ...]
    sessions: tuple[Opened, ...]
    takeover: TakeoverState | None
    changes: tuple[ChangeState, ...]
    closing_at: datetime | None
    suspended_at: datetime | None


def look(work: Work, account_id: int, roll_id: int) -> Space:
    """The space of this account, as this member has it."""
    own = work.db.execute(select(Account).where(Account.id == account_id)).one()
    everybody = household.persons(work, account_id)
    member = next(each for each in everybody if each.roll_id == roll_id)
    return Space(
        own.created_at,
        member.since,
        tuple(each for each in everybody if each.roll_id != roll_id),
        credentials.masked_email(own.email),
        not own.password_hash,
        own.mailed_code_off,
        _factors(work, account_id),
        _codes_left(work, account_id),
        _devices(work, account_id),
        _sessions(work, account_id),
        _takeover(work, account_id, roll_id),
        _changes(work, account_id),
        member.closing_at,
        own.suspended_at,
    )


def _factors(work: Work, account_id: int) -> tuple[Factor, ...]:
    keys = select(Passkey.created_at, Passkey.last_used_at).where(Passkey.account_id == account_id)
    apps = select(Authenticator.confirmed_at, Authenticator.last_used_at).where(
        Authenticator.account_id == account_id
    )
    found = [Factor("passkey", *row) for row in work.db.execute(keys)]
    found += [Factor("app", added, used) for added, used in work.db.execute(apps) if added]
    return tuple(sorted(found, key=lambda factor: factor.added_at))


def _codes_left(work: Work, account_id: int) -> int:
    left = select(func.count()).where(
        RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None)
    )
    return work.db.scalar(left) or 0


def _devices(work: Work, account_id: int) -> tuple[Opened, ...]:
    rows = work.db.execute(
        select(Device.agent, Device.created_at, Device.last_used_at, Device.expires_at)
        .where(Device.account_id == account_id, Device.trusted, Device.expires_at > work.now)
        .where(new_beginning.is_current(Device))
        .order_by(Device.last_used_at.desc(), Device.id)
    )
    return tuple(Opened("device", *row) for row in rows)


def _sessions(work: Work, account_id: int) -> tuple[Opened, ...]:
    own = StoredSession
    rows = work.db.execute(
        select(own.rank, own.agent, own.created_at, own.seen_at, own.ends_at)
        .where(own.account_id == account_id, own.idle_until > work.now, own.ends_at > work.now)
        .where(new_beginning.is_current(own))
        .order_by(own.seen_at.desc(), own.id)
    )
    return tuple(Opened(*row) for row in rows)


def _takeover(work: Work, account_id: int, roll_id: int) -> TakeoverState | None:
    """The youngest thing that a newer letter of this member's began."""
    first = exists().where(Account.id == account_id, Account.roll_id == roll_id)
    own = (
        (Takeover, Takeover.account_id == account_id, first, False),
        (Leaving, Leaving.roll_id == roll_id, true(), True),
    )
    rows = [
        TakeoverState(*row, leaves=leaves)
        for table, mine, so, leaves in own
        for row in work.db.execute(
            select(table.state, table.created_at, table.effective_at, table.ended_at).where(
                mine, so
            )
        )
    ]
    return max(rows, key=lambda row: row.created_at, default=None)


def _changes(work: Work, account_id: int) -> tuple[ChangeState, ...]:
    own = AddressChange
    rows = work.db.execute(
        select(own.state, own.email, own.created_at, own.expires_at)
        .where(own.account_id == account_id, own.expires_at > work.now)
        .where(or_(own.state == "done", new_beginning.is_current(own)))
        .where(own.state.in_(("waiting", "done")))
        .order_by(own.created_at.desc())
    )
    return tuple(
        ChangeState(state, credentials.masked_email(email), created_at, until)
        for state, email, created_at, until in rows
    )
