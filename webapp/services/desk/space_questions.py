"""What is asked of the database about one space, all at once (services/desk/member.py)."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import BindParameter, bindparam, func, select

from webapp.models import (
    Account,
    AddressChange,
    Authenticator,
    Device,
    JoinRequest,
    JournalEntry,
    Leaving,
    Passkey,
    RecoveryCode,
    StoredSession,
    Takeover,
)
from webapp.models.base import Moment
from webapp.models.together import Question
from webapp.services.kernel import new_beginning


class OwnRow(NamedTuple):
    """A second factor."""

    added_at: datetime | None
    last_used_at: datetime | None


class CountRow(NamedTuple):
    """How many."""

    left: int


class LastRow(NamedTuple):
    """The last moment, if any."""

    at: datetime | None


class DeviceRow(NamedTuple):
    """A device, trusted or not, `current` or dead by a new beginning."""

    id: int
    agent: str
    since: datetime
    last_used_at: datetime
    ends_at: datetime
    trusted: bool
    current: bool


class SessionRow(NamedTuple):
    """A session that lives."""

    id: int
    rank: str
    agent: str
    since: datetime
    last_used_at: datetime
    ends_at: datetime


class NewerRow(NamedTuple):
    """What a newer letter began."""

    state: str
    created_at: datetime
    effective_at: datetime
    ended_at: datetime | None


class ChangeRow(NamedTuple):
    """A change of address, `current` or dead by a new beginning."""

    state: str
    email: str
    created_at: datetime
    until: datetime
    current: bool


_ACCOUNT: BindParameter[int] = bindparam("account_id")
_ROLL: BindParameter[int] = bindparam("roll_id")
_NOW = bindparam("now", type_=Moment)
_NEWER = ("state", "created_at", "effective_at", "ended_at")
PASSKEYS = Question(
    OwnRow,
    select(Passkey.created_at.label("added_at"), Passkey.last_used_at).where(
        Passkey.account_id == _ACCOUNT
    ),
)
APPS = Question(
    OwnRow,
    select(Authenticator.confirmed_at.label("added_at"), Authenticator.last_used_at).where(
        Authenticator.account_id == _ACCOUNT
    ),
)
CODES = Question(
    CountRow,
    select(func.count().label("left")).where(
        RecoveryCode.account_id == _ACCOUNT, RecoveryCode.used_at.is_(None)
    ),
)
DEVICES = Question(
    DeviceRow,
    select(
        Device.id, Device.agent, Device.created_at.label("since"), Device.last_used_at,
        Device.expires_at.label("ends_at"), Device.trusted,
        new_beginning.is_current(Device).label("current"),
    ).where(Device.account_id == _ACCOUNT),
)  # fmt: skip
SESSIONS = Question(
    SessionRow,
    select(
        StoredSession.id, StoredSession.rank, StoredSession.agent,
        StoredSession.created_at.label("since"), StoredSession.seen_at.label("last_used_at"),
        StoredSession.ends_at,
    )
    .where(StoredSession.account_id == _ACCOUNT)
    .where(StoredSession.idle_until > _NOW, StoredSession.ends_at > _NOW)
    .where(new_beginning.is_current(StoredSession)),
)  # fmt: skip
TAKEOVERS = Question(
    NewerRow,
    select(*(getattr(Takeover, name) for name in _NEWER))
    .join(Account, Account.id == Takeover.account_id)
    .where(Takeover.account_id == _ACCOUNT, Account.roll_id == _ROLL),
)
LEAVINGS = Question(
    NewerRow,
    select(*(getattr(Leaving, name) for name in _NEWER)).where(Leaving.roll_id == _ROLL),
)
# in every state: SQLite has an index of those that wait, and plans anew for each state given to it
CHANGES = Question(
    ChangeRow,
    select(
        AddressChange.state, AddressChange.email, AddressChange.created_at,
        AddressChange.expires_at.label("until"),
        new_beginning.is_current(AddressChange).label("current"),
    ).where(AddressChange.account_id == _ACCOUNT),
)  # fmt: skip
SIGNED_IN = Question(
    LastRow,
    select(func.max(JournalEntry.at).label("at")).where(
        JournalEntry.account_id == _ACCOUNT, JournalEntry.event == "sign_in.done"
    ),
)
JOINING = Question(
    LastRow,
    select(func.max(JoinRequest.expires_at).label("at")).where(
        JoinRequest.account_id == _ACCOUNT, JoinRequest.expires_at > _NOW
    ),
)
QUESTIONS = (
    PASSKEYS, APPS, CODES, DEVICES, SESSIONS, TAKEOVERS, LEAVINGS, CHANGES, SIGNED_IN, JOINING,
)  # fmt: skip
