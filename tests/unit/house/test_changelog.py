"""The changelog: dated versions, newest first, in three sections of entries of one line each."""

import re
import tomllib
from datetime import date

import pytest

from webapp.settings import ROOT

LINES = (ROOT / "CHANGELOG.md").read_text().splitlines()
VERSION = re.compile(r"## (\d+)\.(\d+)\.(\d+) – (20\d\d-\d\d-\d\d)")
SECTIONS = ["### Ajouté", "### Modifié", "### Corrigé"]
VERSIONS = [VERSION.fullmatch(line) for line in LINES if line.startswith("## ")]


def of_each_version() -> list[list[str]]:
    """The lines below each version's title, without the empty ones."""
    versions: list[list[str]] = []
    for line in LINES:
        if line.startswith("## "):
            versions.append([])
        elif line and versions:
            versions[-1].append(line)
    return versions


def test_the_newest_version_is_the_one_that_the_project_bears() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert VERSIONS[0]
    assert ".".join(VERSIONS[0].groups()[:3]) == project["version"]


def test_versions_and_their_dates_go_down() -> None:
    assert all(VERSIONS), "## 1.2.3 – 2026-11-29"
    numbers = [tuple(map(int, version.groups()[:3])) for version in VERSIONS if version]
    dates = [date.fromisoformat(version[4]) for version in VERSIONS if version]
    assert numbers == sorted(set(numbers), reverse=True)
    assert dates == sorted(dates, reverse=True)


@pytest.mark.parametrize("lines", of_each_version(), ids=lambda lines: lines[0])
def test_a_version_has_its_sections_in_order_each_with_entries_of_one_line(
    lines: list[str],
) -> None:
    sections = [line for line in lines if line.startswith("#")]
    assert lines[0] in SECTIONS
    assert sections == [section for section in SECTIONS if section in sections]
    assert all(line in SECTIONS or re.match(r"- \S.*[.!]$", line) for line in lines)
    ends = [*lines[1:], "###"]
    assert not [line for line, next_ in zip(lines, ends, strict=True) if line[0] == next_[0] == "#"]


def test_no_entry_stands_twice_after_a_merge() -> None:
    entries = [line for line in LINES if line.startswith("- ")]
    assert sorted(entries) == sorted(set(entries))
