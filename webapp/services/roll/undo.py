"""Undoing an import: each entry that it changed says again what it said before, and those that it
added leave the roll. All of it or nothing, as an import.

What it brought into force ends with it: the access codes of its letters open nothing any more, the
former ones open again for what is left of their time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import ColumnElement, Update, bindparam, case, delete, func, select, update

from webapp.models import RollEntry, RollFormer, RollImport
from webapp.models.base import Moment, table
from webapp.services.kernel import journal
from webapp.services.kernel.work import Work
from webapp.services.roll import conflicts, formers, imports
from webapp.services.roll.conflicts import Conflict
from webapp.services.roll.formers import WRITTEN_AT, Former
from webapp.services.roll.import_file import take_turn
from webapp.services.roll.imports import Kept

_ROLL = table(RollEntry)
_CHUNK = 10_000  # members a statement: PostgreSQL lets each take a minute


class UndoRefused(Exception):
    """Nothing is undone. `key`: unknown, undone, too_old, conflict."""

    def __init__(self, key: str, *, found: Kept | None = None, conflicts: Sequence[Conflict] = ()):
        super().__init__(key)
        self.key, self.found, self.conflicts = key, found, tuple(conflicts)


@dataclass(frozen=True)
class Undoing:
    """What undoing this import does: entries put back, entries taken off the roll, and the
    batches with letters that open nothing afterwards."""

    what: Kept
    restored: int
    removed: int
    batches: tuple[int, ...]


def plan(work: Work, import_id: int) -> Undoing:
    """What `undo` would do now; nothing is changed. Raises UndoRefused."""
    what = _undoable(work, import_id)
    _refuse_conflicts(work, what)
    changed = select(func.count()).where(RollFormer.import_id == import_id)
    added = select(func.count()).where(RollEntry.added_by == import_id)
    counts = work.db.scalar(changed) or 0, work.db.scalar(added) or 0
    return Undoing(what, *counts, conflicts.batches(work, import_id))


def undo(work: Work, import_id: int, *, operator: str, reason: str = "") -> Undoing:
    """Undo it, in this work's transaction and in the turn of the imports.

    Raises UndoRefused, RollRefused("busy").
    """
    take_turn(work)
    what = _undoable(work, import_id)
    conflicts.hold(work, import_id)
    _refuse_conflicts(work, what)
    dead = conflicts.batches(work, import_id)
    done = Undoing(what, _put_back(work, import_id), _take_off(work, import_id), dead)
    work.db.execute(delete(RollFormer).where(RollFormer.import_id == import_id))
    this = update(RollImport).where(RollImport.id == import_id)
    work.db.execute(this.values(undone_at=work.now, undone_by=operator))
    journal.write(
        work,
        "roll.undone",
        import_id=import_id,
        operator=operator,
        removed=done.removed,
        restored=done.restored,
        **journal.why(reason),
    )
    return done


def _undoable(work: Work, import_id: int) -> Kept:
    found = imports.find(work, import_id)
    if found is None:
        raise UndoRefused("unknown")
    if found.undone_at is not None:
        raise UndoRefused("undone", found=found)
    if found.is_old(work.now):
        raise UndoRefused("too_old", found=found)
    return found


def _refuse_conflicts(work: Work, what: Kept) -> None:
    if against := conflicts.of(work, what.id):
        raise UndoRefused("conflict", found=what, conflicts=against)


def _put_back(work: Work, import_id: int) -> int:
    count = 0
    for chunk in formers.kept(work, import_id):
        alike: dict[tuple[str, ...], list[Former]] = {}
        for entry_id, former in chunk:
            own = {"entry_id": entry_id, WRITTEN_AT: former.pop(WRITTEN_AT, None)}
            values = {f"former_{name}": value for name, value in former.items()}
            alike.setdefault(tuple(former), []).append(values | own)
        for columns, entries in alike.items():
            work.db.execute(_restoring(columns), entries)
        count += len(chunk)
    return count


@cache
def _restoring(columns: tuple[str, ...]) -> Update:
    """The statement that gives these columns their former values. A letter reissued since is
    younger than the import: the entry was last written then."""
    values: dict[str, ColumnElement[object]] = {
        name: bindparam(f"former_{name}", type_=_ROLL.c[name].type) for name in columns
    }
    if "updated_at" in values:
        then = _ROLL.c.updated_at == bindparam(WRITTEN_AT, type_=Moment)
        values["updated_at"] = case((then, values["updated_at"]), else_=_ROLL.c.updated_at)
    return update(_ROLL).where(_ROLL.c.id == bindparam("entry_id")).values(values)


def _take_off(work: Work, import_id: int) -> int:
    """The entries that it added. What hangs on them is over (conflicts.py)."""
    added = RollEntry.added_by == import_id
    first, last = work.db.execute(
        select(func.min(RollEntry.id), func.max(RollEntry.id)).where(added)
    ).one()
    if first is None:
        return 0
    count = 0
    for begin in range(first, last + 1, _CHUNK):
        among = RollEntry.id.between(begin, begin + _CHUNK - 1)
        count += work.db.execute(delete(RollEntry).where(added, among)).rowcount
    return count
