"""Spaces that a change of the roll closes or opens again: their members read it in the journal."""

from collections.abc import Iterable

from sqlalchemy import insert

from webapp.models import JournalEntry
from webapp.rules.statuses import CLOSED_SPACE
from webapp.services.kernel.work import Work

Changed = tuple[int, str, str]  # an account, its member's status before, and now


def note(work: Work, changed: Iterable[Changed]) -> None:
    """Write it down for each account that is concerned, all at once."""
    entries = [
        {
            "at": work.now,
            "event": _event(status),
            "account_id": account_id,
            "roll_id": None,
            "origin": work.origin,
            "facts": {"status": status},
        }
        for account_id, former, status in changed
        if status != former and (status in CLOSED_SPACE or former in CLOSED_SPACE)
    ]
    if entries:
        work.db.execute(insert(JournalEntry), entries)


def _event(status: str) -> str:
    return "space.shut" if status in CLOSED_SPACE else "space.reopened"
