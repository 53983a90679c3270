"""The commands of every day: each is told by `make help`, each journey has its tests."""

import re
import subprocess
from pathlib import Path

import pytest

from tests import quick
from webapp.settings import ROOT

MAKEFILE = (ROOT / "Makefile").read_text()
JOURNEYS = sorted(routes.parent.name for routes in (ROOT / "webapp/web").glob("*/routes.py"))


def test_make_help_has_a_line_for_every_target() -> None:
    phony = re.findall(r"^\.PHONY: (.+)$", MAKEFILE, re.M)
    # `make check` runs this too, and a make within a make says which folder it enters
    helped = ["make", "--no-print-directory", "help"]
    told = subprocess.run(helped, cwd=ROOT, capture_output=True, text=True, check=True)
    targets = [re.fullmatch(r"  make (\S+) +(\S.+)", line) for line in told.stdout.splitlines()]
    assert all(targets)
    assert {target[1] for target in targets if target} == set(" ".join(phony).split())


@pytest.mark.parametrize("journey", JOURNEYS)
def test_a_journey_finds_the_tests_of_its_screens_and_of_its_services(journey: str) -> None:
    found = quick.tests_of(journey)
    assert f"tests/unit/web/{journey}" in found
    assert all((ROOT / path).exists() for path in found)


def test_a_family_s_folder_is_taken_whole_and_files_elsewhere_by_their_name(tmp_path: Path) -> None:
    of_sign_in = [
        "services/sign_in/test_devices.py",
        "services/sign_in/test_sign_in_races.py",
        "services/test_sign_in.py",
        "services/test_sign_in_code.py",
        "web/sign_in/test_routes.py",
    ]
    for name in [*of_sign_in, "services/account/test_address.py", "web/test_sign_ins.py"]:
        file = tmp_path / "tests" / "unit" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    assert quick.tests_of("sign_in", tmp_path) == [
        "tests/unit/services/sign_in",
        *(f"tests/unit/{name}" for name in of_sign_in[2:4]),
        "tests/unit/web/sign_in",
    ]
    assert quick.tests_of("address", tmp_path) == ["tests/unit/services/account/test_address.py"]


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
    targets = (MAKEFILE[MAKEFILE.index(f"\n{name}:") :] for name in ("check", "types"))
    recipes = [each.partition("\n\n")[0].replace("$(BIN)", ".venv/bin") for each in targets]
    check = "".join(recipes)
    assert [entry for entry in entries if f"\t{entry}" not in check] == []
