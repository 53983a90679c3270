"""The approved table of doors, `doors.txt`: for each verb and address, what each stage meets.
`STAYS`: the page is shown; `POSTS`: the form is taken; an address: who comes is sent there.

`APPROVE=1 .venv/bin/python -m pytest tests/unit/web/test_doors.py` writes it as the portal now is;
its difference is what a reviewer reads.
"""

import os
from pathlib import Path

from flask import Flask

from tests.visitors import Progress, paths

FILE = Path(__file__).with_name("doors.txt")
STAYS, POSTS = "stays", "posts"
STAGES = (
    Progress.STREET,
    Progress.DRAFT,
    Progress.CODE,
    Progress.WAITING,
    Progress.TERMS,
    Progress.MEMBER,
    Progress.SHUT,
)
APPROVING = bool(os.environ.get("APPROVE"))
ADVICE = "run: APPROVE=1 .venv/bin/python -m pytest tests/unit/web/test_doors.py, read git diff"
_HEAD = " | ".join(("verb, address", *STAGES))

Table = dict[tuple[str, str], tuple[str, ...]]  # verb and address: one cell a stage


def approved() -> Table:
    """The table as it was approved."""
    if not FILE.exists():
        return {}
    rows = [line.split(" | ") for line in FILE.read_text().splitlines()[1:]]
    return {_verb_and_path(first): tuple(cells) for first, *cells in rows}


def approve(app: Flask, stage: Progress, met: dict[tuple[str, str], str]) -> None:
    """Write what a stage meets into its column; rows of routes that are no more go."""
    table = approved()
    at = STAGES.index(stage)
    new: Table = {}
    for verb in ("GET", "POST"):
        for path in sorted(paths(app, verb)):
            known = table.get((verb, path), ())
            row = [*known, *("?" * (len(STAGES) - len(known)))]
            row[at] = met[verb, path]
            new[verb, path] = tuple(row)
    lines = [" | ".join((f"{verb} {path}", *row)) for (verb, path), row in new.items()]
    FILE.write_text("\n".join((_HEAD, *lines)) + "\n")


def _verb_and_path(text: str) -> tuple[str, str]:
    verb, path = text.split(" ")
    return verb, path
