"""The figures of the accessibility statement, which `make accessibility` writes beside it."""

import json
from datetime import date
from pathlib import Path

FILE = Path(__file__).with_name("conformity.json")


def read() -> dict[str, object]:
    """The last run's figures; `date` (and the audit's, when there is one) as a date."""
    told = json.loads(FILE.read_text(encoding="utf-8"))
    told["date"] = date.fromisoformat(told["date"])
    if told["audit"]:
        told["audit"]["date"] = date.fromisoformat(told["audit"]["date"])
    return dict(told)
