"""What the documents tell an operator to type.

A fenced block whose language is `sh` is typed by root, as it stands, in a shell of its own. Blocks
of other languages are to be read, not typed.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from webapp.settings import ROOT

INSTALLATION = ROOT / "deploy" / "README.md"
OPERATIONS = ROOT / "docs" / "operations"
DESK = ROOT / "docs" / "desk.md"
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """One block: where it stands, what is typed."""

    page: str
    heading: str
    typed: str

    def __str__(self) -> str:
        return f"{self.page}, « {self.heading} »"


def blocks(page: Path, heading: str = "") -> list[Block]:
    """The blocks to type of a page in its order; `heading`: those below it alone."""
    text = page.read_text()
    name = str(page.relative_to(ROOT))
    found = [
        Block(name, _above(text, fence.start()), fence[2])
        for fence in _FENCE.finditer(text)
        if fence[1] == "sh"
    ]
    return [each for each in found if not heading or each.heading == heading]


def _above(text: str, position: int) -> str:
    return [found[1] for found in _HEADING.finditer(text, 0, position)][-1]
