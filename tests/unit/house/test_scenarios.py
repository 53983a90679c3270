"""The table of scenarios is whole and true: each has its row, each row tests that there are."""

import re

import pytest

from tests.unit.house.tables import missing
from webapp.settings import ROOT

TABLE = (ROOT / "docs" / "security" / "scenarios.md").read_text()
ROWS = re.findall(r"^\| (S\d\d) \| (.+) \| (.+) \| (.+) \|$", TABLE, re.M)
NOT_OURS = {"S13"}  # no Redis


def test_every_scenario_has_its_row() -> None:
    assert [row[0] for row in ROWS] == [f"S{number:02}" for number in range(1, 26)]


@pytest.mark.parametrize(("scenario", "_what", "where", "tests"), ROWS, ids=[r[0] for r in ROWS])
def test_a_row_names_tests_that_exist(scenario: str, _what: str, where: str, tests: str) -> None:
    if scenario in NOT_OURS:
        assert (where, tests.count("::")) == ("not applicable", 0)
        return
    assert where in ("both", "SQLite", "PostgreSQL")
    assert tests.count("::") > 0
    assert missing(tests) == []


def test_every_test_that_is_named_anywhere_exists() -> None:
    assert missing(TABLE) == []
    assert missing((ROOT / "docs" / "security" / "threats.md").read_text()) == []
