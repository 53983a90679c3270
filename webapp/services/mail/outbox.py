"""The outbox: a mail is a row of the deed's own transaction; a sender takes it from there
(services/mail/claims.py)."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, insert, select

from webapp.models import OutboxMail
from webapp.models.base import table
from webapp.models.engine import has_room
from webapp.models.prepared import Prepared
from webapp.services.kernel.work import Work
from webapp.services.kernel.world import ClaimedMail, Mail
from webapp.services.mail.claims import LEASE, SECOND

_WRITE = Prepared(insert(table(OutboxMail)))


def post(work: Work, name: str, *, now: bool = False, wake: bool = True, **mail: Any) -> str:
    """Write a mail in this work's transaction; returns its id. It leaves after the commit.

    `mail` is what `_written` asks for. `now`: somebody waits for it, so it is claimed from its
    birth for this process's sender, which needs not look for it. Should that process die meanwhile,
    another sends it when the lease ends. Without a free sender here it waits for any. `wake` false:
    it leaves at a sender's next look, so that nobody can time a sender's work beside the request.
    """
    row, written = _written(work, name, **mail)
    worker = work.world.local_queue.worker if now else None
    if worker is None:
        post_sealed(work, row, wake=wake)
        return str(row["id"])
    row |= {"state": "claimed", "worker": worker, "attempts": 1, "not_before": work.now + LEASE}
    _WRITE.run(work.db, row)
    # the row's own moment: it is the mail's date, and a copy sent after a crash must be the same
    claimed = ClaimedMail(row["id"], name, mail["to"], written, 1, row["created_at"])
    work.after_commit(lambda: work.world.local_queue.put(claimed))
    return str(row["id"])


def is_writable(work: Work) -> bool:
    """Whether the database answers for the outbox, and has room for one more mail."""
    work.db.execute(select(OutboxMail.id).limit(1)).first()
    return has_room(work.db.engine)


def sealed(work: Work, name: str, **mail: Any) -> dict[str, Any]:
    """The row of a mail, for `post_sealed`; `mail` is what `_written` asks for."""
    return _written(work, name, **mail)[0]


def _written(
    work: Work,
    name: str,
    *,
    to: str,
    best_before: datetime,
    priority: int = SECOND,
    to_key: str | None = None,
    leaves: ColumnElement[datetime] | None = None,
    **facts: Any,
) -> tuple[dict[str, Any], Mail]:
    """A mail from its `facts`, and its row, where it is sealed. It leaves at once, or when
    `leaves` says (services/mail/notices.py)."""
    mail = work.world.mails.write(name, **facts)
    mail_id = work.world.chance.row_id()
    content = {"to": to, "subject": mail.subject, "text": mail.text, "html": mail.html}
    row = {
        "id": mail_id,
        "name": name,
        "sealed": work.world.seals.lock(mail_id, json.dumps(content).encode()),
        "priority": priority,
        "state": "ready",
        "to_key": to_key,
        "turn": leaves,
        "not_before": work.now if leaves is None else leaves,
        "best_before": best_before,
        "attempts": 0,
        "last_error": "",
        "created_at": work.now,
    }
    return row, mail


def post_sealed(work: Work, *rows: dict[str, Any], wake: bool = True) -> None:
    """Write these mails in this work's transaction, in one statement."""
    if len(rows) == 1 and rows[0]["turn"] is None:
        _WRITE.run(work.db, rows[0])
    else:
        several = list(rows) if len(rows) > 1 else rows[0]
        work.db.execute(insert(OutboxMail).values(several))
    if wake:
        work.after_commit(work.world.local_queue.wake)
