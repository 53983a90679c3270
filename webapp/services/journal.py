"""The journal: who did what, when, from where, with the facts that the event declares."""

from typing import Any

from sqlalchemy import insert

from webapp.models import JournalEntry
from webapp.models.base import table
from webapp.rules import events
from webapp.services.work import Work

_WRITE = insert(table(JournalEntry))  # built once: see docs/decisions/core.md


def write(
    work: Work,
    event: str,
    *,
    account_id: int | None = None,
    roll_id: int | None = None,
    **facts: Any,
) -> None:
    """Add an entry in this work's transaction. ValueError: an undeclared event or fact."""
    events.check(event, facts)
    work.db.execute(
        _WRITE,
        {
            "at": work.now,
            "event": event,
            "account_id": account_id,
            "roll_id": roll_id,
            "origin": work.origin,
            "facts": facts,
        },
    )
