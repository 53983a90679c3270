"""The sender's side of the outbox: claim a mail, send it, record how that ended.

At least once, and exactly once unless a process dies between the relay's last answer and our
commit; then one more identical copy leaves, with the same Message-ID. SMTP offers no better.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Integer, LargeBinary, String, bindparam, func, select, text, update

from webapp.models import OutboxMail
from webapp.models.base import Moment, table
from webapp.models.outbox import WAITS
from webapp.models.prepared import Prepared, PreparedChange
from webapp.services.kernel import journal
from webapp.services.kernel.work import Work
from webapp.services.kernel.world import ClaimedMail, Mail

FIRST, SECOND = 0, 5  # priorities: a security code leaves before all else
LEASE = timedelta(seconds=120)  # longer than the worst dialogue with a relay
BACK_OFF = tuple(timedelta(seconds=each) for each in (5, 15, 60, 300, 900, 3600))


_DUE_NOW = f"{WAITS} AND not_before <= :now AND best_before > :now"
_CLAIM = f"""
WITH due AS MATERIALIZED (
    SELECT id FROM outbox WHERE {_DUE_NOW} ORDER BY priority, not_before
    LIMIT (SELECT CASE WHEN EXISTS (SELECT 1 FROM outbox WHERE priority = {FIRST} AND {_DUE_NOW})
        THEN 1 ELSE :most END)
    {{skip}})
UPDATE outbox SET state = 'claimed', worker = :worker, attempts = attempts + 1, not_before = :lease
WHERE {{these}}
RETURNING id, name, sealed, attempts, created_at, priority
"""  # noqa: S608  # nosec B608 - our own words


class _Claimed(NamedTuple):
    id: str
    name: str
    sealed: bytes
    attempts: int
    created_at: datetime
    priority: int


def _claim_statement(skip: str, these: str) -> Prepared[_Claimed]:
    return Prepared(
        _Claimed,
        text(_CLAIM.format(skip=skip, these=these))
        .bindparams(bindparam("lease", type_=Moment), bindparam("now", type_=Moment))
        .columns(
            id=String,
            name=String,
            sealed=LargeBinary,
            attempts=Integer,
            created_at=Moment,
            priority=Integer,
        ),
    )


_CLAIMS = {
    "sqlite": _claim_statement("", "id IN (SELECT id FROM due)"),
    # As a list: PostgreSQL takes a limit that it has to work out for a tenth of the table, and
    # would read all of it, the mails sent in ninety days too, to find twenty.
    "postgresql": _claim_statement(
        "FOR UPDATE SKIP LOCKED", "id = ANY (ARRAY(SELECT id FROM due))"
    ),
}


_OUTBOX = table(OutboxMail)
_END = PreparedChange(
    update(_OUTBOX).where(
        _OUTBOX.c.id == bindparam("which"),
        _OUTBOX.c.worker == bindparam("held_by"),
        _OUTBOX.c.state == "claimed",
    )
)


class _Waiting(NamedTuple):
    id: str


_DUE = Prepared(
    _Waiting,
    select(OutboxMail.id)
    .where(text(WAITS))
    .where(OutboxMail.not_before <= bindparam("now", type_=Moment))
    .limit(1),
)


class _Expired(NamedTuple):
    name: str


_EXPIRE = Prepared(
    _Expired,
    update(_OUTBOX)
    .where(text(WAITS))
    .where(_OUTBOX.c.best_before <= bindparam("now", type_=Moment))
    .where(_OUTBOX.c.not_before <= bindparam("now", type_=Moment))
    .returning(_OUTBOX.c.name),
)


def due(work: Work) -> bool:
    """Whether a mail waits, without taking a write lock."""
    return _DUE.first(work.db, {"now": work.now}) is not None


def claim(work: Work, worker: str) -> ClaimedMail | None:
    """Take the most urgent mail for the length of a lease, None when nothing waits."""
    return next(iter(claim_several(work, worker, 1)), None)


def claim_several(work: Work, worker: str, most: int) -> list[ClaimedMail]:
    """Take the most urgent mails for the length of a lease, in the order in which they are to
    leave; none when nothing waits. A mail of the first priority is taken alone: should its
    worker die, no other waits for the end of a lease.

    Mails past their best-before end here, unsent: a late code helps nobody.
    """
    while rows := _taken(work, worker, most):
        if claimed := [mail for row in rows if (mail := _opened(work, row, worker))]:
            return claimed
    _expire(work)
    work.settle()
    return []


def _taken(work: Work, worker: str, most: int) -> list[_Claimed]:
    values = {"worker": worker, "lease": work.now + LEASE, "now": work.now, "most": most}
    rows = _CLAIMS[work.db.dialect.name].all(work.db, values)
    if rows:
        work.settle()
    # `created_at` stands for `not_before`, which is the lease's end by now
    return sorted(rows, key=lambda row: (row.priority, row.created_at, row.id))


def _opened(work: Work, row: _Claimed, worker: str) -> ClaimedMail | None:
    """The mail of a claimed row. One that was written under an unknown SECRET_KEY is ended here, so
    that it doesn't hold up the others."""
    try:
        content = json.loads(work.world.seals.unlock(row.id, row.sealed))
    except ValueError:
        unreadable = ClaimedMail(row.id, row.name, "", Mail("", "", ""), 0, row.created_at)
        record_refused(work, unreadable, worker, "unreadable")
        work.settle()
        return None
    mail = Mail(content["subject"], content["text"], content["html"])
    return ClaimedMail(row.id, row.name, content["to"], mail, row.attempts, row.created_at)


def give_back(work: Work, claimed: Sequence[ClaimedMail], worker: str) -> None:
    """Let go of mails that were claimed and not tried: they wait again as before."""
    work.db.execute(
        update(OutboxMail)
        .where(OutboxMail.id.in_([mail.id for mail in claimed]))
        .where(OutboxMail.worker == worker, OutboxMail.state == "claimed")
        .values(
            state="ready",
            not_before=func.coalesce(OutboxMail.turn, OutboxMail.created_at),
            attempts=OutboxMail.attempts - 1,
        )
    )


def record_sent(work: Work, claimed: ClaimedMail, worker: str) -> None:
    """The relay took it: wipe the content. Writes nothing when the lease was lost."""
    _end(work, claimed, worker, "sent", "")


def record_refused(work: Work, claimed: ClaimedMail, worker: str, status: str) -> None:
    """The relay refused it for good (5xx): wipe the content, tell the journal."""
    if _end(work, claimed, worker, "failed", status):
        journal.write(work, "mail.failed", letter=claimed.name, status=status)


def record_delayed(work: Work, claimed: ClaimedMail, worker: str, reason: str) -> None:
    """The relay can't now (4xx, network): try again after a growing pause."""
    pause = BACK_OFF[min(claimed.attempts, len(BACK_OFF)) - 1]
    work.db.execute(
        update(OutboxMail)
        .where(OutboxMail.id == claimed.id, OutboxMail.worker == worker)
        .where(OutboxMail.state == "claimed")
        .values(state="ready", not_before=work.now + pause, last_error=reason[:200])
    )


def _end(work: Work, claimed: ClaimedMail, worker: str, state: str, error: str) -> bool:
    which = {"which": claimed.id, "held_by": worker}
    values = {"state": state, "sealed": b"", "ended_at": work.now, "last_error": error[:200]}
    return _END.run(work.db, which | values) == 1


def _expire(work: Work) -> None:
    values = {"state": "expired", "sealed": b"", "ended_at": work.now, "now": work.now}
    for row in _EXPIRE.all(work.db, values):
        journal.write(work, "mail.expired", letter=row.name)
