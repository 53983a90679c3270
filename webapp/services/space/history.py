"""What happened to an account in the last twelve months, as its owner reads it; and the owner who
says of a sign-in that it was not theirs."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, select

from webapp.models import AddressChange, JournalEntry
from webapp.rules import events, lifetimes
from webapp.rules.ranks import Member
from webapp.services.account import take_back
from webapp.services.kernel import journal, new_beginning
from webapp.services.kernel.work import Work

PAGE = 100
SIGN_IN = "sign_in.done"
_JUST_BORN = timedelta(seconds=10)  # between a session's birth and its entry in the journal


@dataclass(frozen=True)
class Entry:
    """One thing that happened, in `words`. `here`: the sign-in that opened the present session."""

    id: int
    at: datetime
    event: str
    words: str
    here: bool = False

    @property
    def disputable(self) -> bool:
        """Whether its owner may say « Ce n’était pas moi »."""
        return self.event == SIGN_IN and not self.here


@dataclass(frozen=True)
class Page:
    """At most a hundred entries, newest first; `next` is the bound of the page after."""

    entries: tuple[Entry, ...]
    next: int | None


def page(work: Work, session: Member, *, before: int | None = None) -> Page:
    """The entries older than the entry `before`, the newest of all without it."""
    statement = (
        select(JournalEntry.id, JournalEntry.at, JournalEntry.event, JournalEntry.facts)
        .where(journal.read_by(session), JournalEntry.event.in_(events.HISTORY))
        .where(JournalEntry.at > work.now - lifetimes.JOURNAL)
        .order_by(JournalEntry.id.desc())
        .limit(PAGE + 1)
    )
    if before is not None:
        statement = statement.where(JournalEntry.id < before)
    rows = work.db.execute(statement).all()
    born = [row for row in rows if row.event == SIGN_IN and _opened(row.at, session)]
    here = born[-1].id if born else None
    entries = tuple(
        Entry(row.id, row.at, row.event, events.told(row.event, row.facts), row.id == here)
        for row in rows[:PAGE]
    )
    return Page(entries, entries[-1].id if len(rows) > PAGE else None)


@dataclass(frozen=True)
class Disputed:
    """A sign-in that its owner may dispute; `moved`: the address was changed since."""

    id: int
    at: datetime
    agent: str
    moved: bool


def sign_in(work: Work, session: Member, entry_id: int) -> Disputed | None:
    """A sign-in of this account by its entry's id, None for anything else."""
    moved = (
        select(AddressChange.id)
        .where(AddressChange.account_id == session.account_id, AddressChange.state == "done")
        .where(AddressChange.confirmed_at >= JournalEntry.at)
        .correlate(JournalEntry)
        .exists()
    )
    wanted = _own_sign_in(work, session, entry_id).add_columns(JournalEntry.facts, moved)
    row = work.db.execute(wanted).first()
    return Disputed(entry_id, row[0], str(row[1].get("agent", "")), row[2]) if row else None


def dispute(work: Work, session: Member, entry_id: int) -> bool:
    """« Ce n’était pas moi »: shut everybody out, this session too, and mail a link to a new
    password; the journal tells the mutual. False when there is no such sign-in."""
    entry = _own_sign_in(work, session, entry_id)
    account = take_back.take_back(
        work, session.account_id, since=entry.scalar_subquery(), provided=entry.exists()
    )
    if account is None:
        return False
    new_beginning.sweep(work, account.id, AddressChange, AddressChange.state == "waiting")
    journal.write(
        work,
        "sign_in.disputed",
        account_id=account.id,
        entry=entry_id,
        at=account.since.isoformat(),
    )
    return True


def _own_sign_in(work: Work, session: Member, entry_id: int) -> Select[datetime]:
    return (
        select(JournalEntry.at)
        .where(JournalEntry.id == entry_id, journal.read_by(session))
        .where(JournalEntry.event == SIGN_IN, JournalEntry.at > work.now - lifetimes.JOURNAL)
    )


def _opened(at: datetime, session: Member) -> bool:
    return timedelta(0) <= at - session.created_at < _JUST_BORN
