"""What is kept for how long: the purge removes all that is past it, and personal data with it."""

from typing import Any

from sqlalchemy import ColumnElement, Delete, and_, delete, or_

from webapp.models import (
    Authenticator,
    Device,
    JournalEntry,
    OutboxLetter,
    Recovery,
    Registration,
    StoredSession,
    Takeover,
    Throttle,
)
from webapp.rules import lifetimes, limits
from webapp.services import journal
from webapp.services.work import Work


def purge(work: Work) -> int:
    """Delete every row past its time; returns how many. Running it twice is harmless."""
    removed = sum(work.db.execute(statement).rowcount for statement in _overdue(work))
    if removed:
        journal.write(work, "database.purged", rows=removed)
    return removed


def _overdue(work: Work) -> list[Delete]:
    now = work.now

    def past(table: Any, condition: ColumnElement[bool]) -> Delete:
        return delete(table).where(condition)

    return [
        past(StoredSession, or_(StoredSession.idle_until <= now, StoredSession.ends_at <= now)),
        past(Registration, Registration.expires_at <= now),
        past(Takeover, Takeover.ended_at <= now - lifetimes.ENDED_TAKEOVER),
        past(Recovery, Recovery.expires_at <= now - limits.DAY),
        past(
            Authenticator,
            and_(
                Authenticator.confirmed_at.is_(None),
                Authenticator.created_at <= now - lifetimes.UNCONFIRMED_APP,
            ),
        ),
        past(Device, Device.expires_at <= now),
        past(Throttle, and_(Throttle.window_ends <= now, Throttle.closed_until <= now)),
        past(OutboxLetter, OutboxLetter.ended_at <= now - lifetimes.SENT_LETTER),
        past(JournalEntry, JournalEntry.at <= now - lifetimes.JOURNAL),
    ]
