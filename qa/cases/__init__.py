"""The procedures as test cases for tools that testers have: one source of words, one reference."""

from collections.abc import Callable
from pathlib import Path

from qa.cases import gherkin, page, squash
from qa.known import KNOWN

# each gives the files to make, by name; "" is the one that was asked for, else it is a folder
WRITERS: dict[str, Callable[[str], dict[str, bytes]]] = {
    "squash": squash.written,
    "gherkin": gherkin.written,
    "html": page.written,
}


def write(kind: str, out: Path, project: str) -> int:
    """Write every procedure to `out`, where nothing is yet; returns how many there are.
    Raises OSError."""
    files = WRITERS[kind](project)
    if "" not in files:
        out.mkdir(parents=True)
    else:
        out.parent.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        with (out / name if name else out).open("xb") as file:
            file.write(content)
    return len(KNOWN)
