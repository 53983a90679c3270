"""What an import of the roll costs in a former build and in this one, in turns, in one run.

    .venv/bin/python -m bench roll_builds [FORMER [ROWS [TURNS]]]

The whole command is played, on SQLite, in a process of its own each time: CPU seconds of that
process, less those of an import of one row, and its peak of memory. Then what this build alone
can do, each beside what it is measured by: ten times the rows, a workbook, a preview, an undo.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.builds import checked_out
from bench.figures import in_turns, table
from bench.roll_import import write_roll

WORKBOOK = (
    "import sys, pathlib, bench.workbook as book; "
    "book.write_workbook(*map(pathlib.Path, sys.argv[1:]))"
)
FORMER, ROWS, TURNS = "c14cfd2", 100_000, 5
NEW, MADE = "new members, codes in the file", "new members, codes made"
WAIT, AGAIN = "new members who wait for letters", "same file again"


@dataclass(frozen=True)
class Cost:
    """Of one command: CPU seconds, and MB at its peak."""

    cpu: float
    peak: float


@dataclass(frozen=True)
class Build:
    """A build of the portal, and where it may write."""

    portal: Path
    folder: Path

    def database(self, name: str) -> str:
        """A new one, empty."""
        file = self.folder / f"{name}.sqlite3"
        for each in self.folder.glob(f"{file.name}*"):
            each.unlink()
        self.run(name, "database", "upgrade")
        return name

    def run(self, database: str, *arguments: object) -> Cost:
        """What a command of `flask` costs."""
        url = f"sqlite:///{self.folder / database}.sqlite3"
        given = {
            "PATH": os.environ["PATH"], "DEMO": "1", "DATABASE_URL": url,
            "PYTHONPATH": str(self.portal),
        }  # fmt: skip
        child = subprocess.Popen(
            [sys.executable, "-m", "flask", *map(str, arguments)],
            cwd=self.portal, env=given, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        assert child.stdout
        said = child.stdout.read().decode()
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        child.stdout.close()
        if child.returncode:
            sys.exit(f"{' '.join(map(str, arguments))}: {said}")
        return Cost(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)  # KiB: Linux

    def imported(self, database: str, file: Path, *options: object) -> Cost:
        """What an import of this file costs."""
        return self.run(database, "members", "import", file, *options)

    def can(self, *words: str) -> bool:
        """Whether its help has these words."""
        url = {**os.environ, "DEMO": "1", "PYTHONPATH": str(self.portal)}
        asked = [sys.executable, "-m", "flask", "members", *words[:-1], "--help"]
        told = subprocess.run(
            asked, check=False, cwd=self.portal, env=url, capture_output=True, text=True
        )
        return words[-1] in told.stdout


def turn(build: Build, files: dict[str, Path]) -> Iterator[tuple[str, Cost]]:
    """Each measure once."""
    letters = build.folder / "letters.csv"
    letters.unlink(missing_ok=True)
    yield "one row", build.imported(build.database("one"), files["one"])
    yield NEW, build.imported(build.database("given"), files["given"])
    yield AGAIN, build.imported("given", files["given"])
    yield WAIT, build.imported(build.database("wait"), files["made"])
    yield MADE, build.imported(build.database("made"), files["made"], "--letters", letters)


def alone(build: Build, files: dict[str, Path]) -> list[list[str]]:
    """What this build can do beside what bounds it."""
    lines = []

    def line(title: str, cost: Cost, beside: Cost, what: str) -> None:
        ratio = cost.peak / beside.peak if what == "MB" else cost.cpu / beside.cpu
        lines.append([title, f"{cost.cpu:.2f}", f"{cost.peak:.0f}", f"{ratio:.2f} ({what})"])

    one = build.imported(build.database("given"), files["given"])
    line("ten times the rows, beside them", build.imported(build.database("many"), files["many"]),
         one, "MB")  # fmt: skip
    trial = build.imported(build.database("trial"), files["given"], "--dry-run")
    if build.can("import", "--preview"):
        page = build.folder / "preview.html"
        preview = build.imported("trial", files["given"], "--preview", page)
        line("--preview, beside --dry-run", preview, trial, "CPU")
    if build.can("undo"):
        changed = build.imported("given", files["other"])
        undone = build.run("given", "members", "undo", "2", "--yes")
        line("undo of all rows changed, beside their import", undone, changed, "CPU")
    book = build.imported(build.database("book"), files["book"])
    line("a workbook, beside the same rows as CSV", book, one, "CPU")
    return lines


def written(folder: Path, rows: int) -> dict[str, Path]:
    """The files, by their names."""
    files = {name: folder / f"{name}.csv" for name in ("one", "given", "made", "many", "other")}
    write_roll(files["one"], 1, codes=True)
    write_roll(files["given"], rows, codes=True)
    write_roll(files["made"], rows, codes=False)
    write_roll(files["many"], 10 * rows, codes=True)
    with files["given"].open(encoding="utf-8") as given, files["other"].open("w") as other:
        other.writelines(line.replace("Santé", "Soins") for line in given)
    # a child's peak is never below that of the process that began it: this one stays small
    files["book"] = folder / "book.xlsx"
    subprocess.run([sys.executable, "-c", WORKBOOK, files["given"], files["book"]], check=True)
    return files


def main(former: str = FORMER, rows: str = str(ROWS), turns: str = str(TURNS)) -> None:
    """Print medians of each build, and the median of their ratios turn by turn."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="roll-builds-")))
        files = written(folder, int(rows))
        builds = []
        for at, revision in enumerate((former, "HEAD")):
            (place := folder / str(at)).mkdir()
            builds.append(Build(stack.enter_context(checked_out(revision)), place))
        found: list[list[dict[str, Cost]]] = [[] for _ in builds]
        for number in range(int(turns)):
            for which in in_turns(number, range(len(builds))):
                found[which].append(dict(turn(builds[which], files)))
        lines = [_compared(title, *found) for title in (NEW, WAIT, MADE, AGAIN)]
        print(f"{rows} members, {former} and HEAD, {turns} turns each, SQLite\n")
        print(table(["import", "CPU s", "CPU s, HEAD", "ratio", "MB", "MB, HEAD"], lines))
        print(table(["this build", "CPU s", "MB", "ratio"], alone(builds[-1], files)))


def _compared(title: str, former: list[dict[str, Cost]], this: list[dict[str, Cost]]) -> list[str]:
    def spent(turns: list[dict[str, Cost]]) -> list[float]:
        return [each[title].cpu - each["one row"].cpu for each in turns]

    ratios = [new / old for old, new in zip(spent(former), spent(this), strict=True)]
    return [
        title, f"{median(spent(former)):.2f}", f"{median(spent(this)):.2f}",
        f"{median(ratios):.3f}", f"{max(each[title].peak for each in former):.0f}",
        f"{max(each[title].peak for each in this):.0f}",
    ]  # fmt: skip
