"""The commands of every day: each is told by `make help`, each journey has its tests."""

import re
import subprocess

import pytest

from tests import quick
from webapp.settings import ROOT

MAKEFILE = (ROOT / "Makefile").read_text()
JOURNEYS = sorted(routes.parent.name for routes in (ROOT / "webapp/web").glob("*/routes.py"))


def test_make_help_has_a_line_for_every_target() -> None:
    phony = re.findall(r"^\.PHONY: (.+)$", MAKEFILE, re.M)
    told = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    targets = [re.fullmatch(r"  make (\S+) +(\S.+)", line) for line in told.stdout.splitlines()]
    assert all(targets)
    assert {target[1] for target in targets if target} == set(" ".join(phony).split())


@pytest.mark.parametrize("journey", JOURNEYS)
def test_a_journey_finds_the_tests_of_its_screens_and_of_its_services(journey: str) -> None:
    found = quick.tests_of(journey)
    assert f"tests/unit/web/{journey}" in found
    assert all((ROOT / path).exists() for path in found)


def test_the_files_named_after_a_journey_are_found_wherever_they_stand() -> None:
    services = [path for path in quick.tests_of("sign_in") if "/services/" in path]
    assert services
    assert all(
        path.split("/services/")[1].removeprefix("test_")[:7] == "sign_in" for path in services
    )


def test_tests_may_be_given_by_their_paths() -> None:
    paths = "tests/unit/rules tests/unit/test_settings.py::test_x"
    assert quick.ask(paths) == paths.split()


@pytest.mark.parametrize("wanted", ["", "signin", "../web", "tests/unit/nowhere.py"])
def test_an_unknown_journey_is_answered_with_those_there_are(wanted: str) -> None:
    with pytest.raises(SystemExit) as refused:
        quick.ask(wanted)
    sentence = str(refused.value)
    assert "\n" not in sentence
    assert all(journey in sentence for journey in JOURNEYS)


def test_the_hooks_before_a_commit_are_of_the_checks_and_download_nothing() -> None:
    hooks = (ROOT / ".pre-commit-config.yaml").read_text()
    assert re.findall(r"repo: (.+)", hooks) == ["local"]
    entries = re.findall(r"entry: (.+)", hooks)
    assert len(entries) == len(re.findall(r"language: system", hooks)) > 3
    check = (
        MAKEFILE[MAKEFILE.index("\ncheck:") :].partition("\n\n")[0].replace("$(BIN)", ".venv/bin")
    )
    assert [entry for entry in entries if f"\t{entry}" not in check] == []
