"""Who is on the roll and not in a file that is said to be the whole of it."""

from collections.abc import Iterator

from sqlalchemy import select

from webapp.models import RollEntry
from webapp.models.base import table as of
from webapp.rules.full_name import full_name
from webapp.rules.roll_values import shown
from webapp.rules.statuses import CLOSED_SPACE, LEFT
from webapp.services.roll import formers, shut_spaces, table
from webapp.services.roll.report import Import
from webapp.services.roll.table import KnownEntry

SHOWN = 10
_CHUNK = 1_000
_ROLL = of(RollEntry)


def look(task: Import) -> None:
    """Count the missing and name the first; when that is asked for, mark them as left.

    Who left or died already is not missing, and test members never are.
    """
    for entries in _missing(task):
        task.counts["missing"] += len(entries)
        room = SHOWN - len(task.absent)
        task.absent += [_named(entry) for entry in entries[:room]]
        if task.wish.mark_missing:
            _mark(task, entries)


def _missing(task: Import) -> Iterator[list[KnownEntry]]:
    asked = select(_ROLL.c.id).where(
        _ROLL.c.status.not_in(CLOSED_SPACE),
        table.NOT_A_TEST,
    )
    last = 0
    while True:
        some = asked.where(_ROLL.c.id > last, _ROLL.c.id <= task.last_id)
        ids = task.work.db.scalars(some.order_by(_ROLL.c.id).limit(_CHUNK)).all()
        if not ids:
            return
        last = ids[-1]
        if unseen := [each for each in ids if each not in task.seen]:
            yield sorted(table.of_ids(task.work, unseen))


def _mark(task: Import, entries: list[KnownEntry]) -> None:
    values = {"status": LEFT, "missing_since": task.now, "updated_at": task.now}
    changed = [(entry, {**values, "entry_id": entry.id}) for entry in entries]
    formers.keep(task, changed)
    table.change(task.work, [told for _, told in changed])
    spaces = [(each.account_id, each.status) for each in entries]
    shut_spaces.note(task.work, [(whose, was, LEFT) for whose, was in spaces if whose is not None])
    task.counts["marked"] += len(entries)


def _named(entry: KnownEntry) -> str:
    names = full_name(entry.civility, entry.first_name, entry.last_name)
    return f"{shown(entry.number)} : {shown(names) or 'nom non renseigné'}"
