"""The outbox: a mail is a row of the deed's own transaction; a sender takes it from there
(services/mail/claims.py)."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import TypedDict

from sqlalchemy import ColumnElement, insert, select

from webapp.models import OutboxMail
from webapp.models.base import table
from webapp.models.engine import has_room
from webapp.models.prepared import PreparedChange
from webapp.rules import credentials
from webapp.services.kernel import throttle
from webapp.services.kernel.work import Work
from webapp.services.kernel.world import ClaimedMail, Mail
from webapp.services.mail.claims import LEASE, SECOND
from webapp.services.mail.turns import WRITES, Turn

_WHOSE = "mail"  # of the keyed hash of an address: not a limit's, so that no notice counts these
_WRITE = PreparedChange(insert(table(OutboxMail)))
_WORKED_OUT = ("turn", "not_before")


class MailRow(TypedDict):
    """A mail as its row is written; a Turn is worked out in the statement."""

    id: str
    name: str
    sealed: bytes
    priority: int
    state: str
    to_key: str | None
    roll_id: int | None
    waiter: str | None
    turn: datetime | Turn | None
    not_before: datetime | Turn
    best_before: datetime
    attempts: int
    last_error: str
    created_at: datetime


def post(
    work: Work,
    name: str,
    *,
    to: str,
    best_before: datetime,
    roll_id: int | None = None,
    priority: int = SECOND,
    now: bool = False,
    wake: bool = True,
    waiter: str | None = None,
    **facts: object,
) -> str:
    """Write a mail in this work's transaction; returns its id. It leaves after the commit.

    `facts` are those that rules/mails.py declares. `now`: somebody waits for it, so it is claimed
    from its birth for this process's sender, which needs not look for it. Should that process die
    meanwhile, another sends it when the lease ends. Without a free sender here it waits for any.
    `roll_id`: the one member whom it is about, None for a mail to their space, which all who share
    it read (services/space/my_data_parts.py). `waiter`: its fate is asked for by it
    (services/mail/fates.py). `wake` false: it leaves at a sender's next look, so that nobody can
    time a sender's work beside the request.
    """
    row, mail = _written(
        work, name, to=to, roll_id=roll_id, best_before=best_before, priority=priority,
        to_key=None, leaves=None, facts=facts,
    )  # fmt: skip
    row["waiter"] = waiter
    worker = work.world.local_queue.worker if now else None
    if worker is None:
        post_sealed(work, row, wake=wake)
        return row["id"]
    taken = {"state": "claimed", "worker": worker, "attempts": 1, "not_before": work.now + LEASE}
    _WRITE.run(work.db, {**row, **taken})
    # the row's own moment: it is the mail's date, and a copy sent after a crash must be the same
    claimed = ClaimedMail(row["id"], name, to, mail, 1, row["created_at"])
    work.after_commit(lambda: work.world.local_queue.put(claimed))
    return row["id"]


def sent_to(work: Work, address: str) -> ColumnElement[bool]:
    """The condition that a mail that somebody waited for went to this address: a code, a link.
    Notices have keys of their own (services/mail/notices.py)."""
    return OutboxMail.to_key.in_(keys_of(work, address))


def keys_of(work: Work, address: str) -> list[str]:
    """What `to_key` is of the mails to this address that somebody waited for."""
    return throttle.keys(work, _WHOSE, credentials.email_key(address))


def is_writable(work: Work) -> bool:
    """Whether the database answers for the outbox, and has room for one more mail."""
    work.db.execute(select(OutboxMail.id).limit(1)).first()
    return has_room(work.db.engine)


def sealed(
    work: Work,
    name: str,
    *,
    to: str,
    best_before: datetime,
    roll_id: int | None = None,
    to_key: str | None = None,
    leaves: datetime | Turn | None = None,
    **facts: object,
) -> MailRow:
    """The row of a mail, for `post_sealed`. It leaves at once, or when `leaves` says
    (services/mail/notices.py)."""
    return _written(
        work, name, to=to, roll_id=roll_id, best_before=best_before, priority=SECOND, to_key=to_key,
        leaves=leaves, facts=facts,
    )[0]  # fmt: skip


def _written(
    work: Work,
    name: str,
    *,
    to: str,
    roll_id: int | None,
    best_before: datetime,
    priority: int,
    to_key: str | None,
    leaves: datetime | Turn | None,
    facts: Mapping[str, object],
) -> tuple[MailRow, Mail]:
    """A mail from its `facts`, and its row, where it is sealed; without a `to_key` of a notice it
    gets the one of `sent_to`."""
    mail = work.world.mails.write(name, work.now, **facts)
    mail_id = work.world.chance.row_id()
    content = {"to": to, "subject": mail.subject, "text": mail.text, "html": mail.html}
    row: MailRow = {
        "id": mail_id,
        "name": name,
        "sealed": work.world.seals.lock(mail_id, json.dumps(content).encode()),
        "priority": priority,
        "state": "ready",
        "to_key": to_key or throttle.key(work, _WHOSE, credentials.email_key(to)),
        "roll_id": roll_id,
        "turn": leaves,
        "waiter": None,
        "not_before": work.now if leaves is None else leaves,
        "best_before": best_before,
        "attempts": 0,
        "last_error": "",
        "created_at": work.now,
    }
    return row, mail


def post_sealed(work: Work, *rows: MailRow, wake: bool = True) -> None:
    """Write these mails in this work's transaction, in one statement."""
    database = work.db.dialect.name
    if len(rows) > 1:
        work.db.execute(insert(OutboxMail).values([_said(row, database) for row in rows]))
    elif isinstance(turn := rows[0]["turn"], Turn):
        own = {name: value for name, value in rows[0].items() if name not in _WORKED_OUT}
        WRITES[database].run(work.db, {**own, **turn.values})
    else:
        _WRITE.run(work.db, rows[0])
    if wake:
        work.after_commit(work.world.local_queue.wake)


def _said(row: MailRow, database: str) -> dict[str, object]:
    return {
        name: value.said(database) if isinstance(value, Turn) else value
        for name, value in row.items()
    }
