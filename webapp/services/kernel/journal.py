"""The journal: who did what, when, from where, with the facts that the event declares."""

from collections.abc import Iterable, Mapping
from typing import TypedDict

from sqlalchemy import ColumnElement, and_, insert, or_

from webapp.models import JournalEntry
from webapp.models.base import table
from webapp.models.prepared import PreparedChange
from webapp.rules import events
from webapp.rules.ranks import OfAccount
from webapp.services.kernel import household
from webapp.services.kernel.work import Work

_WRITE = PreparedChange(insert(table(JournalEntry)))


class Why(TypedDict, total=False):
    """The operator's words, if any, as the journal keeps them."""

    reason: str


def why(reason: str) -> Why:
    """The operator's words as a fact, none for ""."""
    return {"reason": reason} if reason else {}


def write(
    work: Work,
    event: str,
    *,
    account_id: int | None = None,
    roll_id: int | None = None,
    **facts: object,
) -> None:
    """Add an entry in this work's transaction. With both an account and a roll entry, it is of that
    member alone (`read_by`). Raises ValueError for an event or a fact that rules/events.py does
    not declare."""
    events.check(event, facts, account_id=account_id)
    _WRITE.run(
        work.db,
        {
            "at": work.now,
            "event": event,
            "account_id": account_id,
            "roll_id": roll_id,
            "operator_id": work.operator_id,
            "origin": work.origin,
            "facts": facts,
        },
    )


def read_by(session: OfAccount) -> ColumnElement[bool]:
    """SQL: which entries the member of whom this session speaks reads: their own, and those of
    their space, since they joined it; nothing of who shares it."""
    own = JournalEntry.roll_id == session.roll_id
    space = JournalEntry.roll_id.is_(None), household.is_since_joining(session, JournalEntry.at)
    return and_(JournalEntry.account_id == session.account_id, or_(own, and_(*space)))


def write_each(
    work: Work, event: str, accounts: Iterable[tuple[int, Mapping[str, object]]]
) -> None:
    """The same event for many accounts, each with its facts, in one statement. Raises as `write`
    does."""
    entries = []
    for account_id, facts in accounts:
        events.check(event, facts, account_id=account_id)
        entries.append(
            {
                "at": work.now,
                "event": event,
                "account_id": account_id,
                "roll_id": None,
                "operator_id": work.operator_id,
                "origin": work.origin,
                "facts": facts,
            }
        )
    if entries:
        work.db.execute(insert(table(JournalEntry)), entries)
