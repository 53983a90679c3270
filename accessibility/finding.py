"""What a checker found on one state, and what came of one state as a whole."""

import time
from dataclasses import asdict, dataclass, field
from typing import Any

Facts = dict[str, Any]  # what checks/facts.js tells of a page: JSON, whose shape that file says


@dataclass(frozen=True)
class Finding:
    """One fault. `criteria`: the RGAA's ids that it breaks; none for what other rules ask
    (WCAG 2.2, good practice, our own)."""

    tool: str
    rule: str
    what: str
    where: str = ""
    criteria: tuple[str, ...] = ()


@dataclass
class Result:
    """What came of one state. `facts` are the page's own (checks/facts.js), `absent` the criteria
    whose object is not there, `pictures` file names by kind."""

    name: str
    title: str
    kind: str
    shows: str
    findings: list[Finding] = field(default_factory=list)
    runs: dict[str, int] = field(default_factory=dict)  # how often each tool looked
    facts: Facts = field(default_factory=dict)
    absent: list[str] = field(default_factory=list)
    pictures: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    seconds: float = 0.0
    spent: dict[str, float] = field(default_factory=dict)  # seconds, by what they were spent on
    lap: float = field(default_factory=time.perf_counter)

    def spend(self, on: str) -> None:
        """All the time since the last call went there."""
        now = time.perf_counter()
        self.spent[on] = self.spent.get(on, 0.0) + now - self.lap
        self.lap = now

    def add(self, tool: str, findings: list[Finding]) -> None:
        """A tool has looked."""
        self.spend(tool)
        self.runs[tool] = self.runs.get(tool, 0) + 1
        known = set(self.findings)
        self.findings += [each for each in dict.fromkeys(findings) if each not in known]

    def as_json(self) -> dict[str, Any]:
        """For results.json."""
        return asdict(self) | {"lap": None}
