"""What an import that is not committed would change: read from its own transaction, so that it is
told by the very rows that would be stored, and costs the import nothing."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import func, select

from webapp.models import RollEntry, RollFormer, RollImport
from webapp.models.base import table
from webapp.rules.full_name import full_name
from webapp.services.kernel.work import Work
from webapp.services.roll import formers
from webapp.services.roll.report import NEVER, RollReport

CODE = "code"
Said = str | date | None


class Member(NamedTuple):
    """A member as the roll would have them: no keyed hash, no moment of a code."""

    number: str
    civility: str
    last_name: str
    first_name: str
    birth_date: date | None
    contract: str
    joined_on: date | None
    status: str
    address: str

    @property
    def names(self) -> str:
        """« Mme Odile Martin », as far as the roll says it."""
        return full_name(self.civility, self.first_name, self.last_name)


TOLD = Member._fields


@dataclass(frozen=True)
class Cell:
    """A value that would change. `field`: one of TOLD; or CODE, whose values are « none » where
    there is none yet, « former » and « new »: no code and no hash of one leaves here."""

    field: str
    before: Said
    after: Said


@dataclass(frozen=True)
class Changed:
    """A member of whom the file says something else, as the roll would have them."""

    member: Member
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Preview:
    """The report of the import, and the first of those that it would add or change.

    `stopped`: why it would be refused, in French sentences.
    """

    report: RollReport
    added: tuple[Member, ...]
    changed: tuple[Changed, ...]
    stopped: tuple[str, ...] = ()


_ENTRY = [table(RollEntry).c[name] for name in TOLD]
_UNDER_WAY = select(func.max(RollImport.id)).scalar_subquery()  # imports take turns


def added(work: Work, most: int) -> tuple[Member, ...]:
    """The first members that the import of this work adds."""
    own = select(*_ENTRY).where(RollEntry.added_by == _UNDER_WAY).order_by(RollEntry.id)
    return tuple(Member(*row) for row in work.db.execute(own.limit(most)))


def changed(work: Work, most: int) -> tuple[Changed, ...]:
    """The first members that it changes."""
    rows = work.db.execute(
        select(RollFormer.former, *_ENTRY)
        .join(RollEntry, RollEntry.id == RollFormer.roll_id)
        .where(RollFormer.import_id == _UNDER_WAY)
        .order_by(RollFormer.roll_id)
        .limit(most)
    )
    return tuple(_changed(formers.read(former), Member(*now)) for former, *now in rows)


def fields(work: Work) -> Mapping[str, int]:
    """How many members it changes in each of their fields, of TOLD and CODE."""
    counted: Counter[str] = Counter()
    rows = select(RollFormer.former).where(RollFormer.import_id == _UNDER_WAY)
    for former in work.db.scalars(rows):
        said = formers.read(former)
        counted.update(name for name in TOLD if name in said)
        counted[CODE] += "code_mac" in said
    return {name: counted[name] for name in (*TOLD, CODE) if counted[name]}


def _changed(former: formers.Former, member: Member) -> Changed:
    return Changed(member, tuple(_cells(former, member)))


def _cells(former: formers.Former, member: Member) -> Iterator[Cell]:
    for name in TOLD:
        if name in former:
            before = former[name]
            if before is None or isinstance(before, str | date):
                yield Cell(name, before, getattr(member, name))
    if "code_mac" in former:
        yield Cell(CODE, "none" if former.get("code_issued_at") == NEVER else "former", "new")
