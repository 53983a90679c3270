"""What the last whole run found, kept beside its report: judgements that are signed afterwards come
into the audit without looking at every screen again (`python -m accessibility --again`)."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from accessibility.criteria import Verdict
from accessibility.finding import Finding

NAME = "verdicts.json"


@dataclass(frozen=True)
class LastRun:
    """`screens`: the titles of its pages by state; `day`: when they were looked at."""

    verdicts: list[Verdict]
    screens: dict[str, str]
    tools: list[str]
    day: date


def keep(run: LastRun, build: Path) -> None:
    """Whole runs alone: an audit is of every page."""
    told = {
        "day": run.day.isoformat(),
        "tools": run.tools,
        "screens": run.screens,
        "verdicts": [asdict(each) for each in run.verdicts],
    }
    (build / NAME).write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")


def read(build: Path) -> LastRun:
    """Raises FileNotFoundError where there was none."""
    told = json.loads((build / NAME).read_text(encoding="utf-8"))
    verdicts = [
        Verdict(**each | {"findings": tuple(_findings(each["findings"]))})
        for each in told["verdicts"]
    ]
    return LastRun(verdicts, told["screens"], told["tools"], date.fromisoformat(told["day"]))


def _findings(told: Iterable[dict[str, object]]) -> Iterable[Finding]:
    return (Finding(**each | {"criteria": tuple(each["criteria"])}) for each in told)  # type: ignore[arg-type]
