"""The inner loop, `make quick J=sign_in`: all that a change of one journey is first asked.

Two lanes, one a processor: the tests of the house and of the journey, on SQLite, in one; the
linters and the types in the other. Each prints what it found when it ends.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic

ROOT = Path(__file__).parents[1]
UNIT = ROOT / "tests" / "unit"
HOUSE = "tests/unit/house"
BIN = Path(sys.executable).parent
READERS = (
    ("ruff", "format", "--check", "--quiet", "."),
    ("ruff", "check", "--quiet", "."),
    ("lint-imports",),
    ("mypy",),
)


def journeys() -> list[str]:
    """Every name that J may have: a journey of the web, a family of services, a floor."""
    screens = {routes.parent.name for routes in (ROOT / "webapp" / "web").glob("*/routes.py")}
    folders = {test.parent.name for test in UNIT.rglob("test_*.py")} - {UNIT.name, "house"}
    return sorted(screens | folders)


def tests_of(journey: str, root: Path = ROOT) -> list[str]:
    """The folders of that name below tests/unit, and the files named after it elsewhere."""
    unit = root / "tests" / "unit"
    found = [folder for folder in unit.rglob(journey) if any(folder.glob("**/test_*.py"))]
    files = [*unit.rglob(f"test_{journey}.py"), *unit.rglob(f"test_{journey}_*.py")]
    found += [file for file in files if not any(file.is_relative_to(each) for each in found)]
    return sorted(str(each.relative_to(root)) for each in found)


def ask(wanted: str) -> list[str]:
    """The tests to run for `wanted`, a journey or paths of tests; SystemExit says what is known."""
    paths = wanted.split()
    if paths and all((ROOT / each.split("::")[0]).exists() for each in paths):
        return paths
    found = tests_of(wanted) if wanted.isidentifier() else []
    if not found:
        said = f"no journey is named {wanted}" if wanted else "say which journey, as in J=sign_in"
        sys.exit(f"make quick: {said}. There are {', '.join(journeys())}.")
    return found


def lane(*commands: tuple[str, ...]) -> Iterator[bool]:
    """Runs `commands` one after the other; whether each found nothing wrong."""
    for command in commands:
        began = monotonic()
        with tempfile.TemporaryFile("w+") as said:
            done = subprocess.run(
                [BIN / command[0], *command[1:]],
                cwd=ROOT,
                env={**os.environ, "TEST_DATABASES": "sqlite"},
                stdout=said,
                stderr=subprocess.STDOUT,
                check=False,
            )
            said.seek(0)
            words = said.read().strip()
        right = done.returncode == 0
        name = " ".join(command[:2]) if command[0] == "ruff" else command[0]
        mark = "ok" if right else "FAILED"
        line = f"{mark:6} {monotonic() - began:5.1f} s  {name}"
        print(line if right else f"{line}\n{words}", flush=True)
        yield right


def main(wanted: str) -> int:
    """0 when nothing is wrong, 1 otherwise; as the shell is told."""
    paths = ask(wanted)
    print(f"tests of {wanted}: {' '.join(paths)}, and of the house", flush=True)
    tests = ("pytest", "-n", "2", "--maxfail=5", "-p", "no:cacheprovider", *paths, HOUSE)
    with ThreadPoolExecutor(2) as lanes:
        both = [lanes.submit(list, lane(tests)), lanes.submit(list, lane(*READERS))]
    return 0 if all(all(each.result()) for each in both) else 1


if __name__ == "__main__":
    sys.exit(main(" ".join(sys.argv[1:])))
