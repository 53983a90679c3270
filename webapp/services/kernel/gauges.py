"""What the database alone can tell a monitoring system: the same from whichever host is asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import func, select, text

from webapp.models import JournalEntry, OutboxMail
from webapp.models.outbox import RELAY_REFUSES, WAITS
from webapp.rules import limits
from webapp.services.kernel.work import Work

_OUTCOMES = ("failed", "delayed", "delivered")
_STATES = ("ready", "claimed", "sent", "failed", "expired")


@dataclass(frozen=True)
class Figures:
    """Mails by state (each state is there), the age in seconds of the oldest that should have left
    (0 without any), and events of the journal within the last hour. `delays`: mails that wait
    because the relay refuses us (« relay ») or for another reason (« other »). `outcomes`: mails by
    what delivery reports said of them. `desk`: of each sign of misuse the most that one operator
    has within the hour (services/desk/misuse.py), by whoever asks for the figures."""

    mails: Mapping[str, int]
    oldest_mail_seconds: int
    events_last_hour: Mapping[str, int]
    delays: Mapping[str, int]
    outcomes: Mapping[str, int]
    desk: Mapping[str, int] = field(default_factory=dict)


def read(work: Work) -> Figures:
    """The figures of this moment."""
    mails = work.db.execute(select(OutboxMail.state, func.count()).group_by(OutboxMail.state)).all()
    oldest = work.db.execute(
        select(func.min(OutboxMail.created_at)).where(
            text(WAITS),
            (OutboxMail.turn.is_(None)) | (OutboxMail.turn <= work.now),
        )
    ).scalar()
    recent = work.db.execute(
        select(JournalEntry.event, func.count())
        .where(JournalEntry.at > work.now - limits.HOUR)
        .group_by(JournalEntry.event)
    ).all()
    relay = OutboxMail.last_error.startswith(f"{RELAY_REFUSES} ")
    waits = select(relay, func.count()).where(text(WAITS), OutboxMail.last_error != "")
    delays = work.db.execute(waits.group_by(relay)).all()
    told = select(OutboxMail.outcome, func.count()).where(OutboxMail.outcome.is_not(None))
    outcomes = work.db.execute(told.group_by(OutboxMail.outcome)).all()
    age = max((work.now - oldest).total_seconds(), 0) if oldest else 0
    return Figures(
        mails=dict.fromkeys(_STATES, 0) | {row[0]: row[1] for row in mails},
        oldest_mail_seconds=round(age),
        events_last_hour={row[0]: row[1] for row in recent},
        delays={"relay": 0, "other": 0}
        | {"relay" if row[0] else "other": row[1] for row in delays},
        outcomes=dict.fromkeys(_OUTCOMES, 0) | {row[0]: row[1] for row in outcomes if row[0]},
    )
