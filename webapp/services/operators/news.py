"""What every supervisor is told: who was added, disabled, given another key, and what left the
journal. Operators have no e-mail address: it waits for each at the desk until they say « Vu »."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select, update

from webapp.models import JournalEntry
from webapp.models.operator import Operator
from webapp.rules import events, lifetimes
from webapp.services.kernel.work import Work

EVENTS = (
    "operator.added", "operator.disabled", "operator.reset", "operator.enrolled",
    "desk.journal_exported",
)  # fmt: skip
MOST = 50  # shown at once, the oldest first; the next follow once these are seen


class Item(NamedTuple):
    """One of them: `by` is the operator, or the account of the machine, who did it."""

    at: datetime
    words: str
    by: str


def untold(work: Work, operator_id: int) -> list[Item]:
    """What this supervisor has not seen yet of the last 30 days, the oldest first."""
    told = work.db.execute(
        select(Operator.told_until).where(Operator.id == operator_id)
    ).scalar_one()
    month = work.now - lifetimes.OPERATOR_NEWS
    rows = work.db.execute(
        select(JournalEntry.at, JournalEntry.event, JournalEntry.facts, Operator.name)
        .outerjoin(Operator, Operator.id == JournalEntry.operator_id)
        .where(JournalEntry.at > max(told or month, month), JournalEntry.event.in_(EVENTS))
        .order_by(JournalEntry.at, JournalEntry.id)
        .limit(MOST)
    )
    return [
        Item(row.at, events.told(row.event, row.facts), _by(row.facts, row.name)) for row in rows
    ]


def _by(facts: Mapping[str, object], operator: str | None) -> str:
    by = str(facts.get("by") or operator or "")
    return "" if by == facts.get("name") else by  # who enrols does it themselves


def seen(work: Work, operator_id: int, until: datetime) -> None:
    """This supervisor has seen what there was until then. It never goes back."""
    until = min(until, work.now)
    work.db.execute(
        update(Operator)
        .where(Operator.id == operator_id)
        .where(Operator.told_until.is_(None) | (Operator.told_until < until))
        .values(told_until=until)
    )
