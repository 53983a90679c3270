"""What is kept for how long: the purge removes all that is past it, and personal data with it.

The lifetimes are those of the one table, `rules/retention.py`.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, Delete, Select, and_, delete, func, or_, select

from webapp.models import (
    AddressChange,
    Authenticator,
    Device,
    HashSettings,
    JournalEntry,
    OutboxMail,
    Recovery,
    Registration,
    RollFormer,
    RollImport,
    StoredSession,
    Takeover,
    TermsAcceptance,
    Throttle,
)
from webapp.models.base import Base
from webapp.rules import lifetimes
from webapp.rules.retention import KEPT, life
from webapp.services.account import erasure
from webapp.services.kernel import hash_settings, journal, new_beginning
from webapp.services.kernel.new_beginning import Bearer
from webapp.services.kernel.work import Work


def purge(work: Work) -> int:
    """Delete every row past its time; returns how many. Running it twice is harmless."""
    removed = erasure.erase_due(work)
    removed += sum(work.db.execute(statement).rowcount for _, statement in overdue(work))
    if removed:
        journal.write(work, "database.purged", rows=removed)
    return removed


def overdue(work: Work) -> list[tuple[str, Delete]]:
    """What to delete, each with its row of the table. Accounts are erased in
    services/account/erasure.py: their rows go with them."""
    now = work.now

    def past(key: str, table: type[Base], condition: ColumnElement[bool]) -> tuple[str, Delete]:
        return key, delete(table).where(condition)

    ended_session = or_(StoredSession.idle_until <= now, StoredSession.ends_at <= now)
    return [
        past("session", StoredSession, ended_session),
        past("registration", Registration, Registration.expires_at <= now),
        past("recovery", Recovery, Recovery.expires_at <= now - life("recovery")),
        past("address_change", AddressChange, AddressChange.expires_at <= now),
        past("takeover", Takeover, Takeover.ended_at <= now - life("takeover")),
        past("device", Device, Device.expires_at <= now),
        past("throttle", Throttle, and_(Throttle.window_ends <= now, Throttle.closed_until <= now)),
        past("hash_settings", HashSettings, hash_settings.unused(work)),
        past("outbox", OutboxMail, OutboxMail.ended_at <= now - life("outbox")),
        past("journal", JournalEntry, JournalEntry.at <= now - life("journal")),
        past("terms", TermsAcceptance, TermsAcceptance.kept_until <= now),
        past("roll_former", RollFormer, RollFormer.import_id.in_(_imports_before(now))),
        past("roll_import", RollImport, _former_import(now)),
        past("second_step", Authenticator, _unconfirmed(now)),
        # ended by a new beginning that could not wait for whoever held the row
        *(past(_key(each), each, new_beginning.ended(each)) for each in new_beginning.BEARERS),
    ]


def _key(table: Bearer) -> str:
    """The row of the retention table that names this table."""
    return next(each.key for each in KEPT.values() if table.__tablename__ in each.tables)


def _imports_before(now: datetime) -> Select[int]:
    """The imports that can't be undone any more."""
    return select(RollImport.id).where(RollImport.at <= now - life("roll_former"))


def _former_import(now: datetime) -> ColumnElement[bool]:
    """The last one stays, whatever its age: its number would be given again."""
    last = select(func.max(RollImport.id)).scalar_subquery()
    return and_(RollImport.at <= now - life("roll_import"), RollImport.id < last)


def _unconfirmed(now: datetime) -> ColumnElement[bool]:
    """An authenticator app whose first code never came."""
    waits = Authenticator.confirmed_at.is_(None)
    return and_(waits, Authenticator.created_at <= now - lifetimes.UNCONFIRMED_APP)
