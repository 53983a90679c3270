"""The last mails to one member: which, when, and what became of each. Never what they say.

Those of the space are found by its address. A registration's is found by its row: its address is
not proved yet, and may be somebody else's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, bindparam, or_, select

from webapp.models import OutboxMail
from webapp.models.base import Moment
from webapp.models.lists import Places, PreparedLists
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


class _Row(NamedTuple):
    id: str
    name: str
    roll_id: int | None
    created_at: datetime
    state: str
    not_before: datetime
    ended_at: datetime | None
    last_error: str
    outcome: str | None
    outcome_status: str | None


def _last(places: Places) -> Select[*tuple[Any, ...]]:
    own = OutboxMail
    about_changes = and_(
        own.to_key.in_(places["changes"]),
        own.name == "address_change",
        own.created_at >= bindparam("since", type_=Moment),
    )
    mine = or_(own.id.in_(places["ids"]), own.to_key.in_(places["keys"]), about_changes)
    columns = (getattr(own, name) for name in _Row._fields)
    return select(*columns).where(mine).order_by(own.created_at.desc(), own.id).limit(MOST)


_LAST = PreparedLists(_Row, _last, "ids", "keys", "changes")


def last(
    work: Work, registered: Sequence[str], address: str | None, changes: Sequence[Asked]
) -> tuple[SentMail, ...]:
    """The newest first: of these registrations, to the `address` of the space, and about changes of
    it."""
    keys = []
    if address is not None:
        keys = [*notices.keys_of(work, address), *outbox.keys_of(work, address)]
    about = [key for each in changes for key in outbox.keys_of(work, each.email)]
    since = min((each.since for each in changes), default=work.now)
    lists = {"ids": registered, "keys": keys, "changes": about}
    rows = _LAST.all(work.db, lists, {"since": since})
    return tuple(
        SentMail(row.id, mails.title(row.name, of_one=row.roll_id is not None), *row[3:])
        for row in rows
    )
