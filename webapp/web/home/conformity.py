"""The figures of the accessibility statement, which `make accessibility` writes beside it."""

import json
from datetime import date
from pathlib import Path

FILE = Path(__file__).with_name("conformity.json")


def read() -> dict[str, object]:
    """The last run's figures; `date` and `established` as dates."""
    told = json.loads(FILE.read_text(encoding="utf-8"))
    for name in ("date", "established"):
        told[name] = date.fromisoformat(told[name])
    return dict(told)
