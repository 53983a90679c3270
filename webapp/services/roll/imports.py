"""The imports of the roll, as an operator reads them: which there were, which may be undone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from webapp.models import RollImport
from webapp.rules import lifetimes
from webapp.services.kernel.work import Work


@dataclass(frozen=True)
class Kept:
    """One import: when, by whom, from which file, what it did, which guards were let pass."""

    id: int
    at: datetime
    operator: str
    file_name: str
    counts: Mapping[str, int]
    accepted: Sequence[str]
    undone_at: datetime | None
    undone_by: str

    def is_old(self, now: datetime) -> bool:
        """Whether its former values are not kept any more."""
        return self.at <= now - lifetimes.ROLL_UNDO


_KEPT = select(
    RollImport.id,
    RollImport.at,
    RollImport.operator,
    RollImport.file_name,
    RollImport.counts,
    RollImport.accepted,
    RollImport.undone_at,
    RollImport.undone_by,
)


def recent(work: Work) -> list[Kept]:
    """Those that are not too old to be undone, the newest first."""
    since = RollImport.at > work.now - lifetimes.ROLL_UNDO
    found = work.db.execute(_KEPT.where(since).order_by(RollImport.id.desc()))
    return [Kept(*row) for row in found]


def find(work: Work, import_id: int) -> Kept | None:
    """The import of this number, None when there is none."""
    row = work.db.execute(_KEPT.where(RollImport.id == import_id)).first()
    return Kept(*row) if row else None
