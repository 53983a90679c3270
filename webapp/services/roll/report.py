"""What an import reports: counts, faults and refusals for the operator."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from webapp.rules.roll_file import BadRow, RollRow
from webapp.rules.roll_guards import Hit
from webapp.services.kernel.work import Work
from webapp.services.roll.seen import Seen
from webapp.services.roll.watch import Watch

FAULTS_KEPT = 50
NEVER = datetime(1970, 1, 1, tzinfo=UTC)  # issued: their first letter is not made yet
NOBODYS_CODE = bytes(32)  # the keyed hash of no code at all, for who waits for one


@dataclass(frozen=True)
class Source:
    """Where an import comes from: who runs it, and the file's name and SHA-256 (hexadecimal)."""

    operator: str
    file_name: str
    sha256: str


@dataclass(frozen=True)
class Wish:
    """What the operator asked for.

    `keep_good`: good rows are imported in spite of bad ones. `accepted`: words of guards that may
    pass. `whole`: the file is the whole roll; `mark_missing`: who is not in it has left.
    """

    keep_good: bool = False
    accepted: frozenset[str] = frozenset()
    whole: bool = False
    mark_missing: bool = False


@dataclass(frozen=True)
class Fault:
    """A bad row: the line on which it starts, and the reason in French."""

    line: int
    reason: str


@dataclass(frozen=True)
class LongLine:
    """A line of a member's address that an envelope's window may cut."""

    number: str
    line: str


@dataclass(frozen=True)
class RollReport:
    """What the import did. `faults` are the first bad rows, `bad` counts them all.

    `twice`: rows that say again what another one said. `aside`: titles and totals. `missing`: who
    is not in a file of the whole roll, `absent` the first of them; `marked`: how many left for it.
    `hits`: the guards that would stop the import, whether accepted or not.
    `letters`: how many of the file wait for one now. `skipped`: by status, how many get none who
    would for the rest. `long_lines` counts what `examples_of_long` begins, `crowded` whose address
    leaves no line of the window for their name; `examples_of_crowded` are numbers.
    """

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    bad: int = 0
    letters: int = 0
    twice: int = 0
    aside: int = 0
    missing: int = 0
    marked: int = 0
    faults: tuple[Fault, ...] = ()
    hits: tuple[Hit, ...] = ()
    absent: tuple[str, ...] = ()
    skipped: Mapping[str, int] = field(default_factory=dict)
    long_lines: int = 0
    examples_of_long: tuple[LongLine, ...] = ()
    crowded: int = 0
    examples_of_crowded: tuple[str, ...] = ()

    @property
    def good(self) -> int:
        return self.added + self.changed + self.unchanged


COUNTS = (
    "added", "changed", "unchanged", "bad", "letters", "twice", "aside", "missing", "marked",
    "long_lines", "crowded",
)  # fmt: skip


class RollRefused(Exception):
    """The file may not be imported: the caller rolls back. `key`: busy, no_member, bad_rows,
    guards."""

    def __init__(self, key: str, report: RollReport | None = None):
        super().__init__(key)
        self.key, self.report = key, report or RollReport()


class ReadAgain(Exception):
    """The file has to be read once more, from an unchanged roll: some rows need more care.

    `apart`: the members whom several rows name, each in another way.
    """

    def __init__(self, apart: frozenset[str] = frozenset()):
        super().__init__()
        self.apart = apart


@dataclass
class Import:
    """An import under way: when it began, and what it has done so far.

    `alone`: on an empty roll, as long as each row is another member's, nobody is looked up.
    `last_id`: 0 on an empty roll; entries past it are added by this import;
    `seen` are the others that it met.
    Members are told apart by the identity of their numbers: `clashing` are those whom a later row
    contradicts, `misread` those of bad rows, `apart` the rows that take part in neither.
    """

    work: Work
    now: datetime
    import_id: int
    wish: Wish = field(default_factory=Wish)
    alone: bool = False
    last_id: int = 0
    apart: dict[str, list[tuple[int, RollRow | None]]] = field(default_factory=dict)
    seen: Seen = field(default_factory=Seen)
    clashing: set[str] = field(default_factory=set)
    misread: set[str] = field(default_factory=set)
    watch: Watch = field(default_factory=Watch)
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTS, 0))
    faults: list[Fault] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    long_lines: list[LongLine] = field(default_factory=list)
    crowded: list[str] = field(default_factory=list)

    def bad(self, line: int, row: BadRow) -> None:
        """A row that can't be taken. Another one that names its member is not taken either."""
        if row.identity:
            if self.alone:
                raise ReadAgain
            self.misread.add(row.identity)
            if row.identity in self.apart:
                self.apart[row.identity].append((line, None))
        self.fault(line, " ; ".join(row.reasons))

    def total(self, line: int, text: str) -> None:
        """A row that is no member's."""
        self.counts["aside"] += 1
        self.watch.totals.note(f"ligne {line} : « {text} »")

    def fault(self, line: int, reason: str) -> None:
        """A row that is not imported, and why."""
        self.counts["bad"] += 1
        if len(self.faults) < FAULTS_KEPT:
            self.faults.append(Fault(line, reason))

    def report(self, hits: tuple[Hit, ...] = ()) -> RollReport:
        """What it has done so far, for good."""
        faults = tuple(sorted(self.faults, key=lambda each: each.line))
        return RollReport(
            **self.counts,
            faults=faults,
            hits=hits,
            absent=tuple(self.absent),
            skipped=dict(self.skipped),
            examples_of_long=tuple(self.long_lines),
            examples_of_crowded=tuple(self.crowded),
        )
