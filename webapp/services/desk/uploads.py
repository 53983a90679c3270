"""Rolls that operators uploaded: each waits, sealed, for another operator to import it.

The file is wiped once it was imported or dropped, and 24 hours after it came.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, or_, select, update
from sqlalchemy.orm import aliased

from webapp.models.desk import RollUpload
from webapp.models.operator import Operator
from webapp.rules import lifetimes
from webapp.rules.refusals import Refusal
from webapp.services.desk import names
from webapp.services.desk.roll_trial import Found, Reading
from webapp.services.kernel import journal
from webapp.services.kernel.work import Work

WAITING, IMPORTING, IMPORTED, DROPPED = "waiting", "importing", "imported", "dropped"
STALLED = timedelta(minutes=10)  # an import that says no more: its server died
_UPLOADER, _DECIDER = aliased(Operator), aliased(Operator)
_SHOWN = (
    select(
        RollUpload.id, RollUpload.file_name, RollUpload.sha256, RollUpload.options,
        RollUpload.found, RollUpload.state, RollUpload.rows, RollUpload.done_rows,
        RollUpload.uploaded_by, _UPLOADER.name.label("uploader"), RollUpload.uploaded_at,
        RollUpload.expires_at, _DECIDER.name.label("decider"), RollUpload.decided_at,
        RollUpload.import_id,
    )
    .join(_UPLOADER, _UPLOADER.id == RollUpload.uploaded_by)
    .outerjoin(_DECIDER, _DECIDER.id == RollUpload.decided_by)
)  # fmt: skip


@dataclass(frozen=True)
class Upload:
    """An uploaded roll, without what it says. `decider`: who imported or dropped it."""

    id: str
    file_name: str
    sha256: str
    options: Mapping[str, Any]
    found_json: Mapping[str, Any]
    state: str
    rows: int
    done_rows: int
    uploaded_by: int
    uploader: str
    uploaded_at: datetime
    expires_at: datetime
    decider: str | None
    decided_at: datetime | None
    import_id: int | None

    @property
    def reading(self) -> Reading:
        """How it is to be read, and which guards may pass."""
        return Reading.of_json(self.options)

    @property
    def found(self) -> Found:
        """What an import would do."""
        return Found.of_json(self.found_json)

    @property
    def stops(self) -> list[str]:
        """What stands against its import (`Found.stopped_by`)."""
        return self.found.stopped_by(self.reading)

    @property
    def seen(self) -> str:
        """What its page says, in short: who agrees to it agrees to that."""
        return digest(self.options, self.found_json)


def receive(work: Work, content: bytes, *, file_name: str, reading: Reading, found: Found) -> str:
    """Store the file, sealed, until another operator imports it; returns its id."""
    work.db.execute(delete(RollUpload).where(RollUpload.expires_at <= work.now))
    upload_id, sha256 = work.world.chance.row_id(), hashlib.sha256(content).hexdigest()
    work.db.execute(
        work.insert(RollUpload).values(
            id=upload_id, file_name=file_name, sha256=sha256,
            content=work.world.seals.lock(upload_id, content), options=reading.as_json(),
            found=found.as_json(), state=WAITING, rows=found.rows, done_rows=0,
            uploaded_by=work.operator_id, uploaded_at=work.now,
            expires_at=work.now + lifetimes.ROLL_UPLOAD,
        )
    )  # fmt: skip
    journal.write(
        work, "desk.roll_uploaded", file=file_name, sha256=sha256, rows=found.rows,
        operator=names.at_work(work),
    )  # fmt: skip
    return upload_id


def recent(work: Work) -> list[Upload]:
    """Those of the last 24 hours, the youngest first."""
    return _read(work, RollUpload.expires_at > work.now)


def find(work: Work, upload_id: str) -> Upload:
    """Raises Refusal("desk_upload_over") where it is not kept any more."""
    found = _read(work, and_(RollUpload.id == upload_id, RollUpload.expires_at > work.now))
    if not found:
        raise Refusal("desk_upload_over")
    return found[0]


def content(work: Work, upload_id: str) -> bytes:
    """What the file says. Raises Refusal("desk_upload_over")."""
    asked = select(RollUpload.content).where(waits(work, upload_id))
    sealed = work.db.scalar(asked)
    if sealed is None:
        raise Refusal("desk_upload_over")
    return work.world.seals.unlock(upload_id, sealed)


def accept(work: Work, upload_id: str, word: str) -> None:
    """Who uploaded it has looked: this guard may pass. Raises Refusal("desk_upload_over",
    "desk_not_yours")."""
    held = select(RollUpload.uploaded_by).where(waits(work, upload_id)).with_for_update()
    uploader = work.db.scalar(held)
    upload = find(work, upload_id)
    if uploader is None or word not in dict(upload.found.hits):
        raise Refusal("desk_upload_over")
    if uploader != work.operator_id:
        raise Refusal("desk_not_yours")
    options = upload.reading.accepting(word).as_json()
    work.db.execute(update(RollUpload).where(RollUpload.id == upload_id).values(options=options))
    journal.write(
        work, "desk.guard_accepted", file=upload.file_name, accepted=word,
        members=dict(upload.found.hits)[word], operator=names.at_work(work),
    )  # fmt: skip


def drop(work: Work, upload_id: str) -> None:
    """It will not be imported: the file is wiped. Raises Refusal("desk_upload_over")."""
    dropped = (
        update(RollUpload)
        .where(waits(work, upload_id))
        .values(state=DROPPED, content=None, decided_by=work.operator_id, decided_at=work.now)
        .returning(RollUpload.file_name)
    )
    name = work.db.execute(dropped).scalar()
    if name is None:
        raise Refusal("desk_upload_over")
    journal.write(work, "desk.roll_dropped", file=name, operator=names.at_work(work))


def waits(work: Work, upload_id: str) -> ColumnElement[bool]:
    """SQL: this one, while an operator may decide on it."""
    stalled = and_(RollUpload.state == IMPORTING, RollUpload.decided_at <= work.now - STALLED)
    free = or_(RollUpload.state == WAITING, stalled)
    return and_(RollUpload.id == upload_id, RollUpload.expires_at > work.now, free)


def _read(work: Work, which: ColumnElement[bool]) -> list[Upload]:
    rows = work.db.execute(_SHOWN.where(which).order_by(RollUpload.uploaded_at.desc()))
    return [Upload(*tuple(row)) for row in rows]


def digest(options: Mapping[str, Any], found: Mapping[str, Any]) -> str:
    """`Upload.seen`."""
    told = json.dumps([options, found], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()[:32]
