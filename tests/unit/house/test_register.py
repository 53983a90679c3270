"""The register of ASVS requirements is true: every file is there, every test too."""

import re

import pytest

from webapp.settings import ROOT

REGISTER = (ROOT / "docs" / "security" / "asvs.md").read_text()
ROWS = re.findall(r"^\| ([\d., -]+) \| [123-]+ \| .+ \| `([^`]+)` \| `([^`]+)` \|$", REGISTER, re.M)


@pytest.mark.parametrize(("ids", "where", "test"), ROWS, ids=[row[0] for row in ROWS])
def test_a_row_names_a_file_and_a_test_that_exist(ids: str, where: str, test: str) -> None:
    assert (ROOT / where).exists(), ids
    file, _, name = test.partition("::")
    assert re.search(rf"^ *def {name}\(", (ROOT / file).read_text(), re.M), ids


def test_no_row_escapes_the_register() -> None:
    told = [line for line in REGISTER.partition("## Deviations")[0].splitlines() if "::" in line]
    assert len(told) == len(ROWS) > 80


def test_no_requirement_is_both_met_and_not_applicable() -> None:
    met = {each.strip() for row in ROWS for each in row[0].split(",")}
    absent = REGISTER.partition("## Not applicable")[2]
    for each in met:
        assert f" {each}," not in absent and f" {each} |" not in absent, each
