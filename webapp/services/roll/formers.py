"""Imports of the roll, kept: who ran them, on which file, and what each changed entry said before.

The former values are those of the columns that the import wrote, no others: what the member or an
operator does to an entry meanwhile is neither read nor put back.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import insert, update

from webapp.models import RollFormer, RollImport
from webapp.models.base import table
from webapp.services.kernel.work import Work
from webapp.services.roll.report import Import, RollReport, Source
from webapp.services.roll.table import Change, KnownEntry

_FORMER = table(RollFormer)
_OWN = {"entry_id", "updated_at"}  # of the change, not of the entry


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
    rows = [
        {"import_id": task.import_id, "roll_id": entry.id, "former": _written(entry, values)}
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


def _written(entry: KnownEntry, changes: Mapping[str, object]) -> str:
    former = {name: getattr(entry, name) for name in changes if name not in _OWN}
    return json.dumps(former, ensure_ascii=False, default=_plain)


def _plain(value: bytes | date | datetime) -> str:
    return value.hex() if isinstance(value, bytes) else value.isoformat()
