"""The documents' tables of promises and their tests, read."""

import re
from collections.abc import Iterator

from webapp.settings import ROOT


def expanded(ids: str) -> Iterator[str]:
    """« 1.2.1-3, 1.3.2 » and « 1.2.1-1.2.3 » one by one."""
    for part in ids.split(","):
        first, _, last = part.strip().partition("-")
        head, _, number = first.rpartition(".")
        if not number.isdigit():
            yield first
            continue
        for each in range(int(number), int(last.rpartition(".")[2] or number) + 1):
            yield f"{head}.{each}"


def missing(cell: str) -> list[str]:
    """Of the tests « file::test » in a cell, those that there are not."""
    gone = []
    for file, name in re.findall(r"(tests/[\w/]+\.py)::(\w+)", cell):
        path = ROOT / file
        if not path.exists() or not re.search(rf"^ *def {name}\(", path.read_text(), re.M):
            gone.append(f"{file}::{name}")
    return gone
