"""The register of ASVS requirements is whole and true: each requirement of levels 1 and 2 has its
row, each row's file is there, its test too."""

import re
from pathlib import Path

import pytest

from tests.unit.house.tables import expanded, missing
from webapp.settings import ROOT

# Every requirement of OWASP ASVS 5.0.0 with its level, « first-last:level »
LEVELS = {
    requirement: int(level)
    for part in (Path(__file__).parent / "asvs_levels.txt").read_text().split()
    for ids, _, level in [part.partition(":")]
    for requirement in expanded(ids)
}
REGISTER = (ROOT / "docs" / "security" / "asvs.md").read_text()
MET, _, _REST = REGISTER.partition("## Deviations")
DEVIATIONS, _, ABSENT = _REST.partition("## Not applicable")
ROWS = re.findall(r"^\| ([\d., -]+) \| ([123-]+) \| .+ \| `([^`]+)` \| `([^`]+)` \|$", MET, re.M)
DEVIATING = re.findall(r"^\| ([\d., -]+) \| ([123-]+) \| .+ \| .+ \|$", DEVIATIONS, re.M)


def ids_of(cells: list[str]) -> set[str]:
    """Every requirement that these cells name; « 10.x » is a whole chapter."""
    named = {each for cell in cells for each in expanded(cell)}
    chapters = tuple(each[:-1] for each in named if each.endswith(".x"))
    return {each for each in named if not each.endswith(".x")} | {
        each for each in LEVELS if chapters and each.startswith(chapters)
    }


MET_IDS = ids_of([row[0] for row in ROWS])
DEVIATING_IDS = ids_of([row[0] for row in DEVIATING])
ABSENT_IDS = ids_of(re.findall(r"^\| ([\d., x-]+) \| ", ABSENT, re.M))


def test_the_list_of_requirements_is_the_standard_s() -> None:
    counts = [list(LEVELS.values()).count(level) for level in (1, 2, 3)]
    assert counts == [70, 183, 92]


def test_every_requirement_of_levels_1_and_2_is_answered() -> None:
    asked = {each for each, level in LEVELS.items() if level < 3}
    assert asked - MET_IDS - DEVIATING_IDS - ABSENT_IDS == set()


def test_no_row_names_a_requirement_that_there_is_not() -> None:
    assert (MET_IDS | DEVIATING_IDS | ABSENT_IDS) - set(LEVELS) == set()


@pytest.mark.parametrize(("ids", "level"), [row[:2] for row in [*ROWS, *DEVIATING]])
def test_a_row_says_the_levels_of_its_requirements(ids: str, level: str) -> None:
    levels = sorted({LEVELS[each] for each in expanded(ids)})
    assert level == (f"{levels[0]}-{levels[-1]}" if levels[1:] else f"{levels[0]}")


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_a_row_names_a_file_and_a_test_that_exist(row: tuple[str, str, str, str]) -> None:
    _, _, where, test = row
    assert (ROOT / where).exists()
    assert missing(test) == []


def test_no_row_escapes_the_register() -> None:
    assert len([line for line in MET.splitlines() if "::" in line]) == len(ROWS) > 80
    assert len(re.findall(r"^\| \d", DEVIATIONS, re.M)) == len(DEVIATING)


def test_no_requirement_is_both_met_and_not_applicable() -> None:
    assert set() == (MET_IDS | DEVIATING_IDS) & ABSENT_IDS
