"""The import of an uploaded roll, by another operator than who uploaded it."""

from collections.abc import Callable
from typing import Any, NamedTuple

from sqlalchemy import func, select, update

from webapp.models import RollImport
from webapp.models.desk import RollUpload
from webapp.rules.refusals import Refusal
from webapp.services.desk import names, uploads
from webapp.services.desk.roll_trial import Found, Reading, Roll, play
from webapp.services.kernel.work import Work
from webapp.services.operators.staff import of_one_hand
from webapp.services.roll.report import RollRefused, Source

Opens = Callable[[bytes, Reading], Roll]


class _Taken(NamedTuple):
    id: str
    content: bytes | None
    file_name: str
    sha256: str
    options: dict[str, Any]
    found: dict[str, Any]


def apply(
    work: Work,
    upload_id: str,
    *,
    seen: str,
    opens: Opens,
    follow: Callable[[int], None] | None = None,
) -> Found:
    """Import it, as another operator than who uploaded it, if it still does exactly what its page
    said (`Upload.seen`): the roll may have changed since.

    Raises Refusal: desk_own_upload, desk_request_newcomer, desk_upload_over, desk_roll_differs
    (its page says the new counts), desk_roll_stopped, desk_roll_busy. Nothing is imported then.
    """
    taken = _take(work, upload_id)
    work.settle()  # others read meanwhile that it is being imported
    try:
        told = _agreed(taken, seen)
        content = work.world.seals.unlock(upload_id, taken.content or b"")
        roll = opens(content, Reading.of_json(taken.options))
        return _imported(work, taken, told, roll, follow)
    except BaseException as fault:
        work.undo()
        _give_back(work, upload_id, fault.found if isinstance(fault, _Differs) else None)
        work.settle()
        if isinstance(fault, RollRefused):
            raise Refusal("desk_roll_busy") from fault
        raise


class _Differs(Refusal):
    def __init__(self, found: Found | None):
        super().__init__("desk_roll_differs")
        self.found = found


def _agreed(taken: _Taken, seen: str) -> Found:
    """What the second operator read, and agrees to."""
    if seen != uploads.digest(taken.options, taken.found):
        raise _Differs(None)
    told = Found.of_json(taken.found)
    if told.stopped_by(Reading.of_json(taken.options)):
        raise Refusal("desk_roll_stopped")
    return told


def _imported(
    work: Work,
    taken: _Taken,
    told: Found,
    roll: Roll,
    follow: Callable[[int], None] | None,
) -> Found:
    operators = names.both(work, uploads.find(work, taken.id).uploader)
    source = Source(operators, taken.file_name, taken.sha256)
    reading = Reading.of_json(taken.options)
    found = play(work, roll, source=source, reading=reading, follow=follow)
    if found != told:
        raise _Differs(found)
    number = work.db.scalar(select(func.max(RollImport.id)))  # imports take turns
    done = {"state": uploads.IMPORTED, "content": None, "import_id": number}
    this = RollUpload.id == taken.id
    work.db.execute(update(RollUpload).where(this).values(done_rows=found.rows, **done))
    return found


def note_progress(work: Work, upload_id: str, rows: int) -> None:
    """So many rows of it were read."""
    this = RollUpload.id == upload_id, RollUpload.state == uploads.IMPORTING
    work.db.execute(update(RollUpload).where(*this).values(done_rows=rows))


def _take(work: Work, upload_id: str) -> _Taken:
    """Once: nobody else imports or drops it meanwhile."""
    values = {"state": uploads.IMPORTING, "decided_by": work.operator_id, "decided_at": work.now}
    taken = (
        update(RollUpload)
        .where(uploads.waits(work, upload_id))
        .where(RollUpload.uploaded_by.not_in(of_one_hand(work)))
        .values(**values, done_rows=0)
        .returning(
            RollUpload.id, RollUpload.content, RollUpload.file_name, RollUpload.sha256,
            RollUpload.options, RollUpload.found,
        )
    )  # fmt: skip
    row = work.db.execute(taken).first()
    if row is None:
        raise Refusal(_why_not(work, upload_id))
    return _Taken._make(row)


def _why_not(work: Work, upload_id: str) -> str:
    asked = select(RollUpload.uploaded_by).where(uploads.waits(work, upload_id))
    uploader = work.db.scalar(asked)
    if uploader is None:
        return "desk_upload_over"
    return "desk_own_upload" if uploader == work.operator_id else "desk_request_newcomer"


def _give_back(work: Work, upload_id: str, found: Found | None) -> None:
    """It waits again; its page says what is found now."""
    values: dict[str, object] = {"state": uploads.WAITING, "decided_by": None, "decided_at": None}
    if found is not None:
        values |= {"found": found.as_json(), "rows": found.rows}
    this = RollUpload.id == upload_id, RollUpload.state == uploads.IMPORTING
    work.db.execute(update(RollUpload).where(*this).values(values))
