"""Where the checkers' files are: accessibility/node_modules, filled by the make target."""

import json
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "node_modules"


@cache
def source(path: str) -> str:
    """A script to run in a page."""
    return (FOLDER / path).read_text(encoding="utf-8")


@cache
def version(package: str) -> str:
    """As the package says it."""
    found: str = json.loads((FOLDER / package / "package.json").read_text())["version"]
    return found
