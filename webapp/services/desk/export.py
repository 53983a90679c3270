"""What operators and commands did in a period, as a signed file: JSON Lines, read in batches while
it is sent.

The first line says what it is, of which days, made when and by whom; then an entry a line, the
oldest first; the last line has the number of entries, the SHA-256 of every byte before it, and a
signature of both: a keyed hash, so that whoever has SECRET_KEY tells our file from another. A file
that was cut short has no such line.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import BinaryIO, NamedTuple

from sqlalchemy import and_, select

from webapp.models import JournalEntry, RollEntry
from webapp.models.operator import Operator
from webapp.rules.refusals import Refusal
from webapp.services.desk import audit
from webapp.services.kernel import journal
from webapp.services.kernel.work import Work

BATCH = 500
LONGEST = timedelta(days=366)  # the journal's own year
_PURPOSE, _KIND = "journal_export", "journal/1"
_TRAILER = 1_000  # bytes: longer than the last line ever is
_CHUNK = 1 << 16


class NotOurs(ValueError):
    """A file that is no whole export of ours, as it was sent."""


@dataclass(frozen=True)
class Period:
    """What was asked for, by whom, until the moment of asking at most."""

    first: date
    last: date
    begins: datetime
    ends: datetime
    made_at: datetime
    by: str


class Verified(NamedTuple):
    """What a signed file says of itself."""

    first: str
    last: str
    made_at: str
    by: str
    entries: int


class _Line(NamedTuple):
    id: int
    at: datetime
    event: str
    account: int | None
    origin: str
    facts: dict[str, object]
    operator: str | None
    member: str | None

    def written(self) -> bytes:
        told = self._asdict() | {"at": self.at.isoformat()}
        return _json({name: value for name, value in told.items() if value is not None})


def ask(work: Work, first: date, last: date, *, by: str) -> Period:
    """Ask for the entries of these days, both included, which every supervisor is told of. Raises
    Refusal("desk_period") for days in the wrong order, or more than a year."""
    if not timedelta(0) <= last - first < LONGEST:
        raise Refusal("desk_period", "last_day")
    days = first.isoformat(), last.isoformat()
    journal.write(work, "desk.journal_exported", first=days[0], last=days[1])
    begins, ends = audit.bounds(first, last)
    return Period(first, last, begins, min(ends, work.now), work.now, by)


def lines(begin: Callable[[], Work], period: Period) -> Iterator[bytes]:
    """The file, a batch of lines at a time, each read in a piece of work of its own: neither a
    connection nor more than a batch is held while the browser takes its time."""
    whole, entries = hashlib.sha256(), 0
    after: _Line | None = None
    part = _json(_head(period))
    while part:
        whole.update(part)
        yield part
        with begin() as work:
            batch = _batch(work, period, after)
        entries += len(batch)
        after = batch[-1] if batch else after
        part = b"".join(line.written() for line in batch)
    with begin() as work:
        signature = work.world.seals.mac(_PURPOSE, whole.hexdigest(), str(entries))
    yield _trailer(entries, whole.hexdigest(), signature)


def verify(work: Work, file: BinaryIO) -> Verified:
    """What a file says of itself, once its hash and its signature are right, under today's key or a
    former one. Raises NotOurs."""
    size = file.seek(0, 2)
    file.seek(max(size - _TRAILER, 0))
    tail = file.read()
    trailer = tail[tail.rstrip(b"\n").rfind(b"\n") + 1 :]
    file.seek(0)
    head = file.readline(_TRAILER)
    file.seek(0)
    whole = _hash_of(file, size - len(trailer))
    try:
        told, last = json.loads(head), json.loads(trailer)
        same = work.world.seals.same(
            bytes.fromhex(last["signature"]), _PURPOSE, whole, str(last["entries"])
        )
        # byte for byte: nothing may be said in that line beside what is signed
        written = _trailer(int(last["entries"]), whole, bytes.fromhex(last["signature"]))
        if not same or trailer != written or told["kind"] != _KIND:
            raise NotOurs
        from_to = str(told["from"]), str(told["to"])
        return Verified(*from_to, str(told["made_at"]), str(told["by"]), int(last["entries"]))
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise NotOurs from error


def _trailer(entries: int, sha256: str, signature: bytes) -> bytes:
    return _json({"entries": entries, "sha256": sha256, "signature": signature.hex()})


def _head(period: Period) -> dict[str, object]:
    return {
        "kind": _KIND,
        "from": period.first.isoformat(),
        "to": period.last.isoformat(),
        "made_at": period.made_at.isoformat(),
        "by": period.by,
    }


def _batch(work: Work, period: Period, after: _Line | None) -> list[_Line]:
    entry = JournalEntry
    # one lower bound: of two, SQLite takes the first, and would read all from there for each batch
    begins = period.begins if after is None else after.at
    where = [entry.at >= begins, entry.at < period.ends, audit.by_the_mutual()]
    if after is not None:
        where.append(~and_(entry.at == after.at, entry.id <= after.id))
    rows = work.db.execute(
        select(
            entry.id, entry.at, entry.event, entry.account_id, entry.origin, entry.facts,
            Operator.name, RollEntry.number,
        )
        .outerjoin(Operator, Operator.id == entry.operator_id)
        .outerjoin(RollEntry, RollEntry.id == entry.roll_id)
        .where(*where)
        .order_by(entry.at, entry.id)
        .limit(BATCH)
    )  # fmt: skip
    return [_Line(*row) for row in rows]


def _hash_of(file: BinaryIO, size: int) -> str:
    whole = hashlib.sha256()
    while size > 0 and (part := file.read(min(_CHUNK, size))):
        whole.update(part)
        size -= len(part)
    return whole.hexdigest()


def _json(told: dict[str, object]) -> bytes:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
