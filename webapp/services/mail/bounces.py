"""What delivery reports say of mails that the relay took: kept with the mail, told in the journal.

A report informs and never does anything: nothing is sent, stopped or erased because of one.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from enum import Enum
from typing import NamedTuple, Protocol

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, or_, select, update
from sqlalchemy.orm import aliased

from webapp.models import OutboxMail, Registration
from webapp.models.base import table
from webapp.models.prepared import Prepared
from webapp.rules.delivery_reports import Outcome, Report, weaker
from webapp.services.kernel import journal
from webapp.services.kernel.work import Work
from webapp.services.mail import notices

_OUTBOX = table(OutboxMail)


TOLD = timedelta(days=30)  # how long a member is told that mails came back
ARRIVED = timedelta(days=1)  # a mail that did not come back within a day arrived


class SourceFault(Exception):
    """Why reports can't be read, in one French sentence."""


class Message(NamedTuple):
    """The beginning of a message, and what its source knows it by."""

    key: str
    raw: bytes


class ReportSource(Protocol):
    """A mailbox of reports. Raises SourceFault."""

    can_delete: bool

    def messages(self) -> Iterator[Message]:
        """Each message to look at."""

    def done(self, keys: Iterable[str], *, delete: bool) -> None:
        """These were noted; `delete` those, where the source can."""

    def close(self) -> None:
        """Let go of it."""


class Noted(Enum):
    """What became of a report."""

    NEW = "new"
    KNOWN = "known"  # it was noted before, or says less than what was
    FOREIGN = "foreign"  # about no mail of ours, or one whose trace is gone


class _Mail(NamedTuple):
    name: str


_KNOWN = Prepared(_Mail, select(OutboxMail.name).where(OutboxMail.id == bindparam("which")))


def note(work: Work, report: Report) -> Noted:
    """Keep what a report says with the mail that it is about. Twice is once."""
    for mail_id in report.mail_ids:
        if name := _kept(work, mail_id, report):
            if report.outcome is Outcome.FAILED:
                _tell(work, mail_id, name, report.status)
            return Noted.NEW
        if _KNOWN.first(work.db, {"which": mail_id}):
            return Noted.KNOWN
    return Noted.FOREIGN


def comes_back(work: Work, address: str) -> ColumnElement[bool]:
    """The condition that notices to this address are refused or come back, and none since arrived.

    For whoever is signed in to the space of that address, and nobody else.
    """
    later = aliased(OutboxMail)
    failed = or_(OutboxMail.outcome == Outcome.FAILED.value, OutboxMail.state == "failed")
    arrived = and_(
        later.state == "sent",
        func.coalesce(later.outcome, "") != Outcome.FAILED.value,
        later.ended_at <= work.now - ARRIVED,
        later.created_at > OutboxMail.created_at,
        later.to_key == OutboxMail.to_key,
    )
    return exists().where(
        notices.sent_to(work, address),
        OutboxMail.created_at > work.now - TOLD,
        failed,
        ~exists().where(arrived).correlate(OutboxMail),
    )


def _kept(work: Work, mail_id: str, report: Report) -> str | None:
    """The name of the mail, None when there is none or it says as much already."""
    values = {
        "outcome": report.outcome.value,
        "outcome_status": report.status,
        "outcome_at": work.now,
    }
    less = or_(_OUTBOX.c.outcome.is_(None), _OUTBOX.c.outcome.in_(weaker(report.outcome)))
    changed = update(_OUTBOX).where(_OUTBOX.c.id == mail_id, less).values(values)
    name: str | None = work.db.execute(changed.returning(_OUTBOX.c.name)).scalar()
    return name


def _tell(work: Work, mail_id: str, name: str, status: str) -> None:
    """The journal says of whom, where the mail's registration still waits."""
    mine = select(Registration.roll_id).where(Registration.letter_id == mail_id)
    roll_id = work.db.execute(mine.limit(1)).scalar()
    journal.write(work, "mail.bounced", roll_id=roll_id, letter=name, status=status)
