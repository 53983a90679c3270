"""The outbox: a letter is a row of the deed's own transaction; a sender takes it from there
(services/dispatch.py)."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, insert

from webapp.models import OutboxLetter
from webapp.models.base import table
from webapp.models.prepared import PreparedChange
from webapp.services.dispatch import LEASE, SECOND, ClaimedLetter
from webapp.services.work import Work
from webapp.services.world import Letter

_WRITE = PreparedChange(insert(table(OutboxLetter)))


def post(work: Work, name: str, **letter: Any) -> str:
    """Write a letter in this work's transaction; returns its id. It leaves after the commit.

    `letter` is what `_written` asks for.
    """
    row = sealed(work, name, **letter)
    post_sealed(work, row)
    return str(row["id"])


def post_in_hand(work: Work, name: str, **letter: Any) -> str:
    """The same for a letter that somebody waits for: it is claimed from its birth by this process's
    sender, which needs not look for it. Should that process die meanwhile, another sends it when
    the lease ends. Without a free sender here it is `post`.
    """
    worker = work.world.hands.name() if work.world.hands else None
    if worker is None:
        return post(work, name, **letter)
    row, written = _written(work, name, **letter)
    row |= {"state": "claimed", "worker": worker, "attempts": 1, "not_before": work.now + LEASE}
    _WRITE.run(work.db, row)
    # the row's own moment: it is the mail's date, and a copy sent after a crash must be the same
    work.hold(ClaimedLetter(row["id"], name, letter["to"], written, 1, row["created_at"]))
    return str(row["id"])


def sealed(work: Work, name: str, **letter: Any) -> dict[str, Any]:
    """The row of a letter, for `post_sealed`; `letter` is what `_written` asks for."""
    return _written(work, name, **letter)[0]


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
) -> tuple[dict[str, Any], Letter]:
    """A letter from its `facts`, and its row, where it is sealed. It leaves at once, or when
    `leaves` says (services/notices.py)."""
    letter = work.world.letters.write(name, **facts)
    letter_id = work.world.chance.row_id()
    content = {"to": to, "subject": letter.subject, "text": letter.text, "html": letter.html}
    row = {
        "id": letter_id,
        "name": name,
        "sealed": work.world.seals.lock(letter_id, json.dumps(content).encode()),
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
    return row, letter


def post_sealed(work: Work, *rows: dict[str, Any]) -> None:
    """Write these letters in this work's transaction, in one statement."""
    if len(rows) == 1 and rows[0]["turn"] is None:
        _WRITE.run(work.db, rows[0])
    else:
        several = list(rows) if len(rows) > 1 else rows[0]
        work.db.execute(insert(OutboxLetter).values(several))
    work.letter_written()
