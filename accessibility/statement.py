"""The figures that /accessibilite is written from: webapp/web/home/conformity.json.

The law knows three states, and gives them to an audit: « totalement conforme » when every criterion
is met, « partiellement conforme » from half of them on, « non conforme » below, and as long as no
audit in force measures them (decree 2019-768, article 4, and its order). What this run decides by
itself is told beside the state and never stands in for the audit. After an audit by a person, write
its date, its author and its rate into accessibility/audit.json.
"""

import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from accessibility.criteria import CONFORM, FAILED, NOT_APPLICABLE, TO_CHECK, known

AUDIT = Path(__file__).with_name("audit.json")
TECHNOLOGIES = ["HTML", "CSS", "JavaScript", "SVG"]
ENVIRONMENT = [
    "Chromium, à 320, 360, 740 et 1 280 pixels de large, en clair, en sombre et en contraste forcé",
    "Chromium, scripts coupés",
    "Chromium, texte à 200 %, zoom à 400 %, texte espacé",
    "Chromium, au clavier seul",
    "arbre d’accessibilité de Chromium, tel que le lisent les lecteurs d’écran",
]


def legal_state(audit: dict[str, Any] | None) -> str:
    """One of the law's three, from the audit in force if there is one."""
    if audit is None or audit["rate"] < 50:
        return "non conforme"
    return "totalement conforme" if audit["rate"] == 100 else "partiellement conforme"


def rate(statuses: dict[str, str]) -> int:
    """Of the criteria that apply and are decided, how many in a hundred are met (rounded down)."""
    met = sum(each == CONFORM for each in statuses.values())
    failed = sum(each == FAILED for each in statuses.values())
    return 100 * met // (met + failed) if met + failed else 0


def figures(
    statuses: dict[str, str], tools: Iterable[str], screens: list[str], day: date
) -> dict[str, Any]:
    """What the page of the statement needs."""
    audit = json.loads(AUDIT.read_text(encoding="utf-8"))
    return {
        "state": legal_state(audit),
        "audit": audit,
        "date": day.isoformat(),
        "criteria": {
            each: sum(status == each for status in statuses.values())
            for each in (CONFORM, FAILED, NOT_APPLICABLE, TO_CHECK)
        },
        "rate": rate(statuses),
        "failed": _named(statuses, FAILED),
        "to_check": _named(statuses, TO_CHECK),
        "tools": list(tools),
        "environment": ENVIRONMENT,
        "technologies": TECHNOLOGIES,
        "screens": screens,
    }


def write(told: dict[str, Any], path: Path) -> None:
    """Into the portal's own folder, which serves it."""
    text = json.dumps(told, ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8")


def _named(statuses: dict[str, str], status: str) -> list[dict[str, str]]:
    return [
        {"id": criterion, "title": known()[criterion]["title"]}
        for criterion, found in statuses.items()
        if found == status
    ]
