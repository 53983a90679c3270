"""The docs are read in an editor and in a review, found from one index, and dated."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from webapp.settings import ROOT

WIDTH = 120
CHANGELOG = ROOT / "CHANGELOG.md"  # merges by lines (`merge=union`): there an entry is one line
DOCS = ROOT / "docs"
DECISIONS = sorted({*DOCS.glob("decisions/*.md")} - {DOCS / "decisions" / "README.md"})
DATE = r"20\d\d-[01]\d-[0-3]\d"
STATUS = rf"(Accepted {DATE}|Replaced by \[.+\]\([\w-]+\.md\) on {DATE})(, changed {DATE})?"
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


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_to_a_file_leads_to_one(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", page.read_text())
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize(
    "page", [*DOCS.glob("*.md"), *DOCS.glob("security/*.md")], ids=lambda page: page.name
)
def test_the_index_leads_to_every_page(page: Path) -> None:
    index = DOCS / "README.md"
    assert page == index or f"]({page.relative_to(DOCS)})" in index.read_text()


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda page: page.stem)
def test_a_decision_says_since_when_it_holds_and_the_index_says_the_same(decision: Path) -> None:
    title, blank, status, *_ = decision.read_text().splitlines()
    assert title.startswith("# ")
    assert blank == ""
    assert re.fullmatch(STATUS + r"\.", status)
    rows = (decision.parent / "README.md").read_text().splitlines()
    [row] = [row for row in rows if row.startswith("|") and f"]({decision.name})" in row]
    assert row.endswith(f" | {status.removesuffix('.')} |")
