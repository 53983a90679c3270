"""The last mails to one member: which, when, and what became of each. Never what they say.

Those of the space are found by its address. A registration's is found by its row: its address is
not proved yet, and may be somebody else's.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, or_, select

from webapp.models import OutboxMail
from webapp.rules import mails
from webapp.services.kernel.work import Work
from webapp.services.mail import notices, outbox

MOST = 10


@dataclass(frozen=True)
class SentMail:
    """A mail by its title; `id` as in the outbox. `state`: ready, claimed, sent, failed, expired;
    `error`: the relay's codes; `outcome` (failed, delayed, delivered) with its status: what a
    delivery report said."""

    id: str
    title: str
    created_at: datetime
    state: str
    not_before: datetime
    ended_at: datetime | None
    error: str
    outcome: str | None
    outcome_status: str | None


class Asked(NamedTuple):
    """A change of address that waits: to where its mails went, and since when."""

    email: str
    since: datetime


def last(
    work: Work, registered: Sequence[str], address: str | None, changes: Iterable[Asked]
) -> tuple[SentMail, ...]:
    """The newest first: of these registrations, to the `address` of the space, and about changes of
    it."""
    mine: list[ColumnElement[bool]] = [OutboxMail.id.in_(registered)]
    if address is not None:
        mine += [notices.sent_to(work, address), outbox.sent_to(work, address)]
    mine += [
        and_(
            outbox.sent_to(work, each.email),
            OutboxMail.name == "address_change",
            OutboxMail.created_at >= each.since,
        )
        for each in changes
    ]
    own = OutboxMail
    rows = work.db.execute(
        select(
            own.id, own.name, own.created_at, own.state, own.not_before, own.ended_at,
            own.last_error, own.outcome, own.outcome_status,
        )
        .where(or_(*mine))
        .order_by(own.created_at.desc(), own.id)
        .limit(MOST)
    )  # fmt: skip
    return tuple(SentMail(row.id, mails.title(row.name), *row[2:]) for row in rows)
