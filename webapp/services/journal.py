"""The journal: who did what, when, from where, with the facts that the event declares."""

from typing import Any

from sqlalchemy import insert

from webapp.models import JournalEntry
from webapp.models.base import table
from webapp.models.prepared import PreparedChange
from webapp.rules import events
from webapp.services.work import Work

_WRITE = PreparedChange(insert(table(JournalEntry)))


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
    _WRITE.run(
        work.db,
        {
            "at": work.now,
            "event": event,
            "account_id": account_id,
            "roll_id": roll_id,
            "origin": work.origin,
            "facts": facts,
        },
    )
