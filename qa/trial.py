"""A run as its reports tell it: what was asked for, and what became of each step."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from qa import references
from webapp.rules.procedure import Procedure, Step

PASSED, FAILED, SKIPPED = "réussi", "échec", "laissé de côté"
STOPPED, LEFT = "interrompu", "non joué"
VERDICTS = (PASSED, FAILED, SKIPPED, STOPPED, LEFT)
# no XML parser reads these, and half a pair is no UTF-8
_ILLEGIBLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Options:
    """What the tester asked for."""

    base_url: str
    procedures: tuple[Procedure, ...]
    profile: str
    engine: str
    out: Path
    headed: bool = False
    insecure: bool = False
    patience: float = 20.0  # seconds: how long what a step promises may take to show


@dataclass
class Outcome:
    """What became of one step of `procedure`. `remark`: why it failed or was left out, or what the
    tester says; `picture`: a file's name in the run's folder."""

    reference: str
    procedure: Procedure
    step: Step
    given: str = ""  # what must come true before it
    verdict: str = LEFT
    seconds: float = 0.0
    remark: str = ""
    picture: str = ""

    def judge(self, verdict: str, remark: str = "") -> None:
        """Settle it. What no reader of files could show is taken out of the remark."""
        self.verdict, self.remark = verdict, _ILLEGIBLE.sub("", remark)


@dataclass
class Played:
    """A procedure with the outcomes of its steps, those that lead to it first."""

    procedure: Procedure
    profile: str
    outcomes: list[Outcome]
    trace: str = ""

    @property
    def failed(self) -> bool:
        return any(each.verdict == FAILED for each in self.outcomes)


@dataclass
class Trial:
    """All that was to be played, from its beginning on: what is cut short has its report too.
    `stopped`: why it ended before its time."""

    options: Options
    begun: datetime
    ended: datetime
    played: list[Played] = field(init=False)
    stopped: str = ""

    def __post_init__(self) -> None:
        profile = self.options.profile
        self.played = [
            Played(each, profile, list(_outcomes(each))) for each in self.options.procedures
        ]

    @property
    def failed(self) -> bool:
        return any(each.failed for each in self.played)

    @property
    def outcomes(self) -> list[Outcome]:
        return [each for one in self.played for each in one.outcomes]

    @property
    def seconds(self) -> float:
        return (self.ended - self.begun).total_seconds()

    @property
    def counts(self) -> dict[str, int]:
        """How many steps came to each verdict that occurs or is usual."""
        found = Counter(each.verdict for each in self.outcomes)
        return {each: found[each] for each in VERDICTS if found[each] or each != STOPPED}


def _outcomes(procedure: Procedure) -> Iterator[Outcome]:
    for each in (*procedure.after, procedure):
        given = each.given
        for reference, step in references.of_steps(each):
            yield Outcome(reference, each, step, given)
            given = ""
