"""What an import of an uploaded roll would do, as counts: told by the import itself, tried."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Protocol

from webapp.rules.roll_file import Header
from webapp.rules.roll_guards import Hit
from webapp.services.kernel.work import Work
from webapp.services.roll import preview
from webapp.services.roll.import_file import import_roll
from webapp.services.roll.report import COUNTS, RollRefused, RollReport, Source, Wish

_QUOTED = re.compile(r" ?« .*? »(?= ?(?::|;|$))| ?« [^»]* »")
EVERY = 2_000  # rows between two notes of how far it came


class Roll(Protocol):
    """A roll that is open: what it says, and how it was read."""

    header: Header
    read_as: str

    def rows(self) -> Iterable[tuple[int, Sequence[str] | None]]:
        """Each row's line and cells; each call begins anew."""

    def notes(self) -> list[str]:
        """After the last row, what was completed or passed over."""


@dataclass(frozen=True)
class Reading:
    """How a file is to be read and taken: as the options of `flask members import`."""

    encoding: str = ""
    sheet: str = ""
    columns: tuple[str, ...] = ()
    keep_good: bool = False
    whole: bool = False
    mark_missing: bool = False
    accepted: tuple[str, ...] = ()

    @property
    def wish(self) -> Wish:
        """What the import is asked."""
        return Wish(self.keep_good, frozenset(self.accepted), self.whole, self.mark_missing)

    def accepting(self, word: str) -> "Reading":
        """The same, with this guard let pass."""
        return replace(self, accepted=tuple(sorted({*self.accepted, word})))

    def as_json(self) -> dict[str, object]:
        """As it is stored."""
        return asdict(self)

    @classmethod
    def of_json(cls, told: Mapping[str, Any]) -> "Reading":
        """As it was stored."""
        lists = {name: tuple(told[name]) for name in ("columns", "accepted")}
        return cls(**{**told, **lists})


@dataclass(frozen=True)
class Found:
    """What an import would do: counts and sentences, no name, no number, no value of a cell.

    `counts`: as in RollReport; `fields`: how many members change in each of theirs; `hits`: the
    guards that hit, with how many; `faults`: lines that can't be taken, and why; `skipped`: who
    gets no letter, by status.
    """

    counts: Mapping[str, int]
    fields: Mapping[str, int]
    hits: tuple[tuple[str, int], ...] = ()
    faults: tuple[tuple[int, str], ...] = ()
    skipped: Mapping[str, int] | None = None
    rows: int = 0
    read_as: str = ""
    notes: tuple[str, ...] = ()

    @property
    def good(self) -> int:
        """How many members it could take."""
        return sum(self.counts[name] for name in ("added", "changed", "unchanged"))

    @property
    def guards(self) -> list[Hit]:
        """The guards, to be told in words."""
        return [Hit(word, count) for word, count in self.hits]

    def stopped_by(self, reading: Reading) -> list[str]:
        """Why it may not be imported so: no_member, bad_rows, or words of guards; none: it may."""
        if not self.good:
            return ["no_member"]
        if self.counts["bad"] and not reading.keep_good:
            return ["bad_rows"]
        return [word for word, _ in self.hits if word not in reading.accepted]

    def as_json(self) -> dict[str, object]:
        """As it is stored."""
        return asdict(self)

    @classmethod
    def of_json(cls, told: Mapping[str, Any]) -> "Found":
        """As it was stored."""
        pairs = {name: tuple(map(tuple, told[name])) for name in ("hits", "faults")}
        return cls(**{**told, **pairs, "notes": tuple(told["notes"])})


def play(
    work: Work,
    roll: Roll,
    *,
    source: Source,
    reading: Reading,
    follow: Callable[[int], None] | None = None,
) -> Found:
    """Import the roll in this work's transaction, which the caller keeps or undoes; where the
    import is refused (`Found.stopped_by`) it has to be undone. `follow` is told the rows read.

    Raises RollRefused("busy").
    """
    counter = _Counter(roll, follow)
    try:
        report = import_roll(work, roll.header, counter.rows, source=source, wish=reading.wish)
    except RollRefused as refused:
        if refused.key == "busy":
            raise
        report = refused.report
    return Found(
        {name: getattr(report, name) for name in COUNTS},
        preview.fields(work),
        tuple((hit.word, hit.count) for hit in report.hits),
        _faults(report),
        dict(report.skipped),
        counter.count,
        roll.read_as,
        tuple(roll.notes()),
    )


class _Counter:
    """The rows of a roll, counted as they are read."""

    def __init__(self, roll: Roll, follow: Callable[[int], None] | None):
        self._roll, self._follow, self.count = roll, follow, 0

    def rows(self) -> Iterable[tuple[int, Sequence[str] | None]]:
        """From the beginning."""
        self.count = 0
        for row in self._roll.rows():
            self.count += 1
            if self._follow and self.count % EVERY == 0:
                self._follow(self.count)
            yield row


def _faults(report: RollReport) -> tuple[tuple[int, str], ...]:
    """Without what the cells say: their line is enough to find them."""
    return tuple((fault.line, _QUOTED.sub("", fault.reason)) for fault in report.faults)
