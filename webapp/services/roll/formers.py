"""Imports of the roll, kept: who ran them, on which file, and what each changed entry said before.

The former values are those of the columns that the import wrote, no others: what the member or an
operator does to an entry meanwhile is neither read nor put back.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, LargeBinary, bindparam, insert, select, update
from sqlalchemy.types import TypeEngine

from webapp.models import RollEntry, RollFormer, RollImport
from webapp.models.base import Moment, table
from webapp.services.kernel.work import Work
from webapp.services.roll.report import Import, RollReport, Source
from webapp.services.roll.table import Among, Change, KnownEntry

Former = dict[str, object]  # an entry's former values by their columns, and WRITTEN_AT

WRITTEN_AT = "written_at"  # when the import gave the entry its new values
_FORMER, _ROLL = table(RollFormer), table(RollEntry)
_OWN = {"entry_id", "updated_at"}  # of the change, not of the entry
_CHUNK = 1_000
_UPDATED_AT = Among(select(_ROLL.c.id, _ROLL.c.updated_at), _ROLL.c.id)
_NEXT = (
    select(_FORMER.c.roll_id, _FORMER.c.former)
    .where(_FORMER.c.import_id == bindparam("of"), _FORMER.c.roll_id > bindparam("after"))
    .order_by(_FORMER.c.roll_id)
    .limit(_CHUNK)
)


def begin(work: Work, source: Source) -> int:
    """The number of an import that begins now; it is kept with the rest or not at all."""
    values = {
        "at": work.now, "operator": source.operator, "file_name": source.file_name,
        "sha256": source.sha256, "counts": {}, "accepted": [], "undone_by": "",
    }  # fmt: skip
    made = work.db.execute(insert(RollImport).values(values).returning(RollImport.id))
    return made.scalar_one()


def keep(task: Import, changed: Sequence[Change]) -> None:
    """Remember what these entries say, before they are given new values."""
    updated_at = _updated_at(task.work, [entry.id for entry, _ in changed])
    rows = [
        {
            "import_id": task.import_id,
            "roll_id": entry.id,
            "former": _written(
                entry, values, {"updated_at": updated_at[entry.id], WRITTEN_AT: task.now}
            ),
        }
        for entry, values in changed
    ]
    task.work.db.execute(insert(_FORMER), rows)


def end(work: Work, import_id: int, report: RollReport, accepted: Sequence[str]) -> None:
    """What the import did, and the guards that were let pass."""
    counts = {
        "added": report.added, "changed": report.changed, "unchanged": report.unchanged,
        "bad": report.bad, "letters": report.letters,
    }  # fmt: skip
    counts |= {"marked": report.marked} if report.marked else {}
    kept = update(RollImport).where(RollImport.id == import_id)
    work.db.execute(kept.values(counts=counts, accepted=list(accepted)))


def kept(work: Work, import_id: int) -> Iterator[list[tuple[int, Former]]]:
    """What the entries that an import changed said before it, a chunk at a time, by their ids."""
    after = 0
    while rows := work.db.execute(_NEXT, {"of": import_id, "after": after}).all():
        yield [(roll_id, read(former)) for roll_id, former in rows]
        after = rows[-1].roll_id


def _updated_at(work: Work, ids: list[int]) -> dict[int, datetime]:
    """When each entry was written last. Beside the rest of what is known of them: most rows of most
    files change nothing."""
    return {each.id: each.updated_at for each in _UPDATED_AT.rows(work, ids)}


def _written(
    entry: KnownEntry, changes: Mapping[str, object], moments: Mapping[str, datetime]
) -> str:
    former = {name: getattr(entry, name) for name in changes if name not in _OWN}
    return json.dumps({**former, **moments}, ensure_ascii=False, default=_plain)


def _plain(value: bytes | date | datetime) -> str:
    return value.hex() if isinstance(value, bytes) else value.isoformat()


def read(former: str) -> Former:
    """The former values of one entry, each of its column's type."""
    told: dict[str, str | None] = json.loads(former)
    return {name: None if text is None else _READERS[name](text) for name, text in told.items()}


def _reader(kind: TypeEngine[Any]) -> Callable[[str], object]:
    if isinstance(kind, LargeBinary):
        return bytes.fromhex
    if isinstance(kind, Date):
        return date.fromisoformat
    return datetime.fromisoformat if isinstance(kind, Moment) else str


_READERS = {column.name: _reader(column.type) for column in _ROLL.c} | {
    WRITTEN_AT: datetime.fromisoformat
}
