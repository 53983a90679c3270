"""The docs are read in an editor and in a review: no line runs off the page."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from webapp.settings import ROOT

WIDTH = 120
CHANGELOG = ROOT / "CHANGELOG.md"  # merges by lines (`merge=union`): there an entry is one line
PAGES = sorted(
    {*ROOT.glob("*.md"), *ROOT.glob("*/README.md"), *ROOT.glob("docs/**/*.md")} - {CHANGELOG}
)


def breakable(line: str) -> bool:
    """Whether Markdown lets `line` go on in the next one: no row of a table, no single word."""
    return not line.startswith("|") and " " in line.strip().lstrip("-*> ")


def too_long(text: str) -> Iterator[str]:
    for number, line in enumerate(text.splitlines(), start=1):
        if len(line) > WIDTH and breakable(line):
            yield f"line {number}, {len(line)} characters: {line[:60]}…"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_line_is_longer_than_a_page_is_wide(page: Path) -> None:
    assert list(too_long(page.read_text())) == []


def test_a_row_of_a_table_or_an_address_may_be_longer_and_a_sentence_may_not() -> None:
    word = "https://example.org/" + "a" * WIDTH
    assert list(too_long(f"| {'a ' * WIDTH}|\n{word}\n- {word}")) == []
    assert len(list(too_long("a " * WIDTH + "\n    " + "code " * WIDTH))) == 2
