"""Spaces that a change of the roll closes or opens again: their members read it in the journal."""

from collections.abc import Iterable

from webapp.rules.statuses import CLOSED_SPACE
from webapp.services.kernel import journal
from webapp.services.kernel.work import Work

Changed = tuple[int, str, str]  # an account, its member's status before, and now


def note(work: Work, changed: Iterable[Changed]) -> None:
    """Write it down for each account that is concerned, all at once. One that was closed and stays
    so is told when the reason is another."""
    moved = [(account_id, former, now) for account_id, former, now in changed if former != now]
    shut = [(whose, {"status": now}) for whose, _, now in moved if now in CLOSED_SPACE]
    journal.write_each(work, "space.shut", shut)
    opened = [
        (whose, {"status": now})
        for whose, former, now in moved
        if former in CLOSED_SPACE and now not in CLOSED_SPACE
    ]
    journal.write_each(work, "space.reopened", opened)
