"""The figures that /accessibilite is written from: webapp/web/home/conformity.json.

The law knows three states, and gives them to an audit: « totalement conforme » when every criterion
is met, « partiellement conforme » from half of them on, « non conforme » below, and as long as no
audit in force measures them (decree 2019-768, article 4, and its order). The audit is the one of the
sample (auditing.py): while a line of it is untested there is no rate, and the state is « non
conforme », with the reason. audit.json says who audits and since when there is a statement.
"""

import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from accessibility import standards
from accessibility.auditing import NA, NC, NT, Audit, C
from accessibility.criteria import FAILED, Verdict, known
from accessibility.sample import SAMPLE
from accessibility.states import AT_THE_DESK

AUDIT = Path(__file__).with_name("audit.json")
ENVIRONMENTS = Path(__file__).with_name("environments.json")
TECHNOLOGIES = ["HTML", "CSS", "JavaScript", "SVG"]
CONDITIONS = [
    "à 320, 360, 740 et 1 280 pixels de large, en clair, en sombre et en contraste forcé",
    "scripts coupés",
    "texte à 200 %, zoom à 400 %, texte espacé",
    "au clavier seul",
    "arbre d’accessibilité, tel que le lisent les lecteurs d’écran",
]


def legal_state(rate: float | None) -> str:
    """One of the law's three, from the audit's rate; none while a criterion is untested."""
    if rate is None or rate < 50:
        return "non conforme"
    return "totalement conforme" if rate == 100 else "partiellement conforme"


def figures(
    audit: Audit,
    verdicts: Iterable[Verdict],
    tools: Iterable[str],
    screens: dict[str, str],
    day: date,
) -> dict[str, Any]:
    """What the page of the statement needs. `verdicts`: all of the run's; `screens`: titles of its
    pages by state, the desk's left out. What fails outside the sample is told too, and nothing is
    « totalement conforme » beside it. Rates are rounded down: none is claimed by rounding."""
    statuses = audit.statuses
    untested = {line.criterion for line in audit.untested}
    outside = _outside(verdicts, screens)
    state = legal_state(audit.rate)
    return {
        "state": "partiellement conforme" if outside and state == "totalement conforme" else state,
        "standards": standards.as_json(),
        "rate": _down(audit.rate),
        "mean_rate": _down(audit.mean_rate),
        "by": about_audit()["by"],
        "established": about_audit()["established"],
        "date": day.isoformat(),
        "criteria": {each: sum(s == each for s in statuses.values()) for each in (C, NC, NA, NT)},
        "failed": [
            _named(criterion) | {"pages": pages}
            for criterion in known()
            if (pages := [*_pages(audit, criterion, NC), *outside.get(criterion, [])])
        ],
        "untested": [
            _named(criterion) | {"pages": _pages(audit, criterion, NT)}
            for criterion in known()
            if criterion in untested
        ],
        "tools": list(tools),
        "environments": environments(),
        "untried": about_audit()["untried"],
        "conditions": CONDITIONS,
        "technologies": TECHNOLOGIES,
        "pages": [page.title for page in SAMPLE],
        "screens": [title for state, title in screens.items() if state not in AT_THE_DESK],
    }


def about_audit() -> dict[str, str]:
    """Who audits, in the words of the law's form, when the statement was first made, and the screen
    readers that nobody has tried."""
    return dict(json.loads(AUDIT.read_text(encoding="utf-8")))


def environments() -> list[dict[str, str]]:
    """Browser, system and assistive technology (empty: none) that the audit was made with, and how
    much was looked at with them (`scope`)."""
    return list(json.loads(ENVIRONMENTS.read_text(encoding="utf-8")))


def write(told: dict[str, Any], path: Path) -> None:
    """Into the portal's own folder, which serves it."""
    text = json.dumps(told, ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8")


def _outside(verdicts: Iterable[Verdict], screens: dict[str, str]) -> dict[str, list[str]]:
    """By criterion, the screens that fail it and are no page of the sample."""
    judged = {state for page in SAMPLE for state in page.states}
    told: dict[str, list[str]] = {}
    for each in verdicts:
        if each.status == FAILED and each.state not in judged | AT_THE_DESK:
            told.setdefault(each.criterion, []).append(screens.get(each.state, each.state))
    return told


def _down(rate: float | None) -> int | None:
    return None if rate is None else int(rate + 1e-9)


def _named(criterion: str) -> dict[str, Any]:
    return {"id": criterion, "title": known()[criterion]["title"]}


def _pages(audit: Audit, criterion: str, status: str) -> list[str]:
    return [line.page.title for line in audit.of_criterion(criterion) if line.status == status]
