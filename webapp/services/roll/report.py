"""What an import reports: letters for the printer; counts, faults and refusals for the operator."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from webapp.services.kernel.work import Work

FAULTS_KEPT = 50
EXAMPLES = 3  # of what the operator is warned about
NEVER = datetime(
    1970, 1, 1, tzinfo=UTC
)  # issued: the code of a letter not written yet opens nothing


@dataclass(frozen=True)
class NewLetter:
    """A code just made, in clear, for the letter that tells it. Kept nowhere else.

    `address`: lines as in rules/postal.py; `until`: when the code is worth nothing any more.
    """

    number: str
    civility: str
    last_name: str
    first_name: str
    address: str
    access_code: str = field(repr=False)
    until: datetime


@dataclass(frozen=True)
class Source:
    """Where an import comes from: who runs it, and the file's name and SHA-256 (hexadecimal)."""

    operator: str
    file_name: str
    sha256: str


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

    `skipped`: by status, how many get no letter who would for the rest. `long_lines` counts what
    `examples_of_long` begins.
    """

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    bad: int = 0
    letters: int = 0
    faults: tuple[Fault, ...] = ()
    skipped: Mapping[str, int] = field(default_factory=dict)
    long_lines: int = 0
    examples_of_long: tuple[LongLine, ...] = ()

    @property
    def good(self) -> int:
        return self.added + self.changed + self.unchanged


class RollRefused(Exception):
    """The file may not be imported: the caller rolls back. `key`: busy, no_member, bad_rows."""

    def __init__(self, key: str, report: RollReport | None = None):
        super().__init__(key)
        self.key, self.report = key, report or RollReport()


@dataclass
class Import:
    """An import under way: when it began, where new codes go, and what it has done so far."""

    work: Work
    now: datetime
    deliver: Callable[[NewLetter], None] | None
    import_id: int
    first: bool = False  # the roll was empty
    lines: dict[str, int] = field(default_factory=dict)  # of each member met
    counts: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(
            ("added", "changed", "unchanged", "bad", "letters", "long_lines"), 0
        )
    )
    faults: list[Fault] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    long_lines: list[LongLine] = field(default_factory=list)

    def fault(self, line: int, reason: str) -> None:
        """A bad row."""
        self.counts["bad"] += 1
        if len(self.faults) < FAULTS_KEPT:
            self.faults.append(Fault(line, reason))

    def report(self) -> RollReport:
        """What it has done so far, for good."""
        return RollReport(
            **self.counts,
            faults=tuple(self.faults),
            skipped=dict(self.skipped),
            examples_of_long=tuple(self.long_lines),
        )
