"""The journal as an auditor reads it: of one operator, of one member, or of one day at the mutual,
fifty entries at a time, the newest first. What members did themselves is read of one member alone.

What is asked is journaled before it is answered. The answer's address carries the question sealed,
for whoever asked it: no page of the journal is read that nobody wrote down.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, literal, or_, select

from webapp.models import JournalEntry, RollEntry
from webapp.models.operator import Operator
from webapp.rules import events, lifetimes, moments
from webapp.rules.refusals import Refusal
from webapp.services.desk import looks
from webapp.services.kernel import household, journal
from webapp.services.kernel.work import COMMAND, Work
from webapp.services.roll import numbers

PAGE = 50
_LINK = "journal_read"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_OF_OPERATORS = tuple(key for key in events.EVENTS if key.startswith("operator."))


class Entry(NamedTuple):
    """An entry in French words. `who`: the operator, or the account of the machine, "" for a
    member or a machine; `number`: the member's; `reason`: the operator's words, "" without."""

    at: datetime
    words: str
    who: str
    number: str
    origin: str
    reason: str


class _Row(NamedTuple):
    id: int
    at: datetime
    event: str
    facts: dict[str, object]
    origin: str
    name: str | None
    number: str | None


@dataclass(frozen=True)
class Page:
    """`of`: operator, member or day; `what`: their name, number or day (ISO). `older`: the cursor
    of the next page, "" for none."""

    of: str
    what: str
    entries: tuple[Entry, ...]
    older: str

    @property
    def day(self) -> date | None:
        """The day, where it is one's."""
        return date.fromisoformat(self.what) if self.of == "day" else None


def of_operator(work: Work, operator_id: int) -> str:
    """Ask for one operator's entries. Returns the answer's token. Raises
    Refusal("desk_missing_operator")."""
    name = work.db.execute(select(Operator.name).where(Operator.id == operator_id)).scalar()
    if name is None:
        raise Refusal("desk_missing_operator", "operator")
    journal.write(work, "desk.journal_read", by="operator", what=name)
    return _token(work, "operator", str(operator_id))


def of_member(work: Work, number: str) -> str:
    """Ask for one member's entries, by the exact number; the member reads that it was.
    It costs a look, as a number of nobody does. Raises Refusal: desk_journal_nobody,
    desk_looks_closed."""
    looks.spend(work, _asker(work))
    entry = numbers.find(work, number)
    if entry is None or not numbers.is_exact(entry, number):
        journal.write(work, "desk.journal_read", by="nobody", what=number)
        raise Refusal("desk_journal_nobody", "number")
    account_id = work.db.execute(select(household.account_of(literal(entry.id)))).scalar()
    journal.write(work, "desk.member_journal_read", account_id=account_id, roll_id=entry.id)
    return _token(work, "member", str(entry.id))


def of_day(work: Work, on: date) -> str:
    """Ask for what operators and commands did on one day, from midnight to midnight in Paris."""
    journal.write(work, "desk.journal_read", by="day", what=on.isoformat())
    return _token(work, "day", on.isoformat())


def page(work: Work, token: str, before: str = "") -> Page:
    """What a token was given for, from the cursor on. Raises LookupError for a token that is
    another operator's, of another day's work, or none, and for a cursor that is none."""
    of, what = _opened(work, token)
    which, told = _question(work, of, what)
    asked = (
        select(
            JournalEntry.id, JournalEntry.at, JournalEntry.event, JournalEntry.facts,
            JournalEntry.origin, Operator.name, RollEntry.number,
        )
        .outerjoin(Operator, Operator.id == JournalEntry.operator_id)
        .outerjoin(RollEntry, RollEntry.id == JournalEntry.roll_id)
        .where(which, *([_after(before)] if before else ()))
        .order_by(JournalEntry.at.desc(), JournalEntry.id.desc())
        .limit(PAGE + 1)
    )  # fmt: skip
    rows = [_Row(*row) for row in work.db.execute(asked)]
    older = _cursor(rows[PAGE - 1]) if len(rows) > PAGE else ""
    return Page(of, told, tuple(_entry(row) for row in rows[:PAGE]), older)


def bounds(first: date, last: date) -> tuple[datetime, datetime]:
    """From when (included) until when (not included) these days last in Paris."""
    begins = datetime.combine(first, time(), moments.PARIS)
    ends = datetime.combine(last + timedelta(days=1), time(), moments.PARIS)
    return begins.astimezone(UTC), ends.astimezone(UTC)


def by_the_mutual() -> ColumnElement[bool]:
    """SQL: what operators and commands did, and what happened to operators; nothing that members
    did themselves."""
    return or_(
        JournalEntry.operator_id.is_not(None),
        JournalEntry.origin == COMMAND,
        JournalEntry.event.in_(_OF_OPERATORS),
    )


def _question(work: Work, of: str, what: str) -> tuple[ColumnElement[bool], str]:
    """Which entries, and what they are called."""
    if of == "day":
        begins, ends = bounds(on := date.fromisoformat(what), on)
        return and_(JournalEntry.at >= begins, JournalEntry.at < ends, by_the_mutual()), what
    if of == "operator":
        names = select(Operator.name).where(Operator.id == int(what))
        return JournalEntry.operator_id == int(what), work.db.execute(names).scalar_one()
    found = work.db.execute(
        select(
            RollEntry.number, household.account_of(literal(int(what))).label("account_id")
        ).where(RollEntry.id == int(what))
    ).first()
    if found is None:
        raise LookupError(what)
    mine = [JournalEntry.roll_id == int(what)]
    if found.account_id is not None:  # of several who share the space, nothing of another
        shared = JournalEntry.account_id == found.account_id, JournalEntry.roll_id.is_(None)
        mine.append(and_(*shared))
    return or_(*mine), found.number


def _entry(row: _Row) -> Entry:
    facts = row.facts
    who = row.name or facts.get("operator") or facts.get("by", "") if _is_ours(row) else ""
    without = {name: value for name, value in facts.items() if name != "reason"}
    return Entry(
        row.at, events.told(row.event, without), str(who), row.number or "", row.origin,
        str(facts.get("reason", "")),
    )  # fmt: skip


def _is_ours(row: _Row) -> bool:
    """Whether an operator did it: elsewhere « by » says how a member did it."""
    return bool(row.name or "operator" in row.facts or str(row.event).startswith("operator."))


def _token(work: Work, of: str, what: str) -> str:
    return work.world.seals.seal_link(_LINK, f"{_asker(work)} {of} {what}")


def _opened(work: Work, token: str) -> tuple[str, str]:
    opened = work.world.seals.open_link(_LINK, token)
    if opened is None or work.now - opened[1] > lifetimes.DESK_WHOLE:
        raise LookupError(token)
    asker, of, what = opened[0].split(" ")
    if asker != str(_asker(work)):
        raise LookupError(token)
    return of, what


def _asker(work: Work) -> int:
    if work.operator_id is None:
        raise RuntimeError("the journal is read by operators")
    return work.operator_id


def _cursor(row: _Row) -> str:
    return f"{(row.at - _EPOCH) // timedelta(microseconds=1)}-{row.id}"


def _after(cursor: str) -> ColumnElement[bool]:
    """SQL: what comes after the entry of a cursor, among the newest first."""
    try:
        since, last = (int(part) for part in cursor.split("-"))
        at = _EPOCH + timedelta(microseconds=since)
    except (ValueError, OverflowError):
        raise LookupError(cursor) from None
    if not 0 < last < 2**63:
        raise LookupError(cursor)
    same = and_(JournalEntry.at == at, JournalEntry.id >= last)
    return and_(JournalEntry.at <= at, ~same)
