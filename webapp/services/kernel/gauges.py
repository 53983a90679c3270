"""What the database alone can tell a monitoring system: the same from whichever host is asked."""

from sqlalchemy import func, select

from webapp.models import JournalEntry, OutboxMail
from webapp.rules import limits
from webapp.services.kernel.work import Work


def lines(work: Work) -> list[str]:
    """Gauges in the text format of OpenMetrics, without its end: letters by state and the age of
    the oldest that should have left, events of the journal within the last hour."""
    letters = work.db.execute(
        select(OutboxMail.state, func.count()).group_by(OutboxMail.state)
    ).all()
    oldest = work.db.execute(
        select(func.min(OutboxMail.created_at)).where(
            OutboxMail.state.in_(["ready", "claimed"]),
            (OutboxMail.turn.is_(None)) | (OutboxMail.turn <= work.now),
        )
    ).scalar()
    recent = work.db.execute(
        select(JournalEntry.event, func.count())
        .where(JournalEntry.at > work.now - limits.HOUR)
        .group_by(JournalEntry.event)
    ).all()
    age = max((work.now - oldest).total_seconds(), 0) if oldest else 0
    states = dict.fromkeys(("ready", "claimed", "sent", "failed", "expired"), 0)
    states |= {row[0]: row[1] for row in letters}
    return [
        "# TYPE portal_letters gauge",
        *(f'portal_letters{{state="{state}"}} {count}' for state, count in states.items()),
        "# TYPE portal_oldest_letter_seconds gauge",
        f"portal_oldest_letter_seconds {age:.0f}",
        "# TYPE portal_events_last_hour gauge",
        *(f'portal_events_last_hour{{event="{row[0]}"}} {row[1]}' for row in sorted(recent)),
    ]
