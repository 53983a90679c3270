"""How long an import of the roll takes to undo, beside that import itself.

    .venv/bin/python -m bench roll_undo [ROWS [sqlite|postgresql]]

A roll is imported, then one in which every member has another name and another contract; that
import is undone, then the first one. Each measure runs in a process of its own.
"""

import csv
import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from bench import server
from bench.figures import table, verdict
from bench.roll_import import measure_import, write_roll
from webapp.adapters.world import real_world
from webapp.models.engine import open_engine
from webapp.services.kernel.work import Work
from webapp.services.roll import undo

ROWS = 100_000
FIRST, SECOND = "import of a new roll", "import that changes every member"
CHANGED, ADDED = "that one undone", "the first one undone"
MOST = 2.0  # times the import that changed the members


def write_changed(file: Path, original: Path) -> None:
    """The same roll, every member with another name and another contract."""
    with (
        original.open(encoding="utf-8", newline="") as rows,
        file.open("w", encoding="utf-8", newline="") as out,
    ):
        reader, writer = csv.reader(rows, delimiter=";"), csv.writer(out, delimiter=";")
        header = next(reader)
        name, contract = header.index("nom"), header.index("contrat")
        writer.writerow(header)
        for row in reader:
            row[name], row[contract] = f"{row[name]} bis", f"{row[contract]} 2"
            writer.writerow(row)


def measure_undo(number: str, url: str) -> dict[str, float]:
    """Undo as `flask members undo` does, its look beforehand and its commit included."""
    settings = server.settings_for(url)
    work = Work(open_engine(url), real_world(settings), origin="bench")
    started = perf_counter()
    undo.plan(work, int(number))
    done = undo.undo(work, int(number), operator="bench")
    work.close(commit=True)
    return {"seconds": perf_counter() - started, "entries": done.restored + done.removed}


def measured(rows: int, kind: server.Databases, folder: Path) -> dict[str, dict[str, float]]:
    """Every measure of a roll of this many members, by its title."""
    new, changed = folder / "new.csv", folder / "changed.csv"
    write_roll(new, rows, codes=True)
    write_changed(changed, new)
    url = kind.new("roll-undo")
    plan = {
        FIRST: ("import", new, url, folder / "letters-a.csv"),
        SECOND: ("import", changed, url, folder / "letters-b.csv"),
        CHANGED: ("undo", 2, url),
        ADDED: ("undo", 1, url),
    }
    return {title: _child(*arguments) for title, arguments in plan.items()}


def _child(*arguments: object) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.roll_undo", *map(str, arguments)]
    ran = subprocess.run(command, check=True, cwd=server.ROOT, stdout=subprocess.PIPE, text=True)
    return dict(json.loads(ran.stdout))


def main(rows: str = str(ROWS), *kinds: str) -> None:
    """Play every measure and print it, one line each."""
    lines = []
    for name in kinds or ("sqlite", "postgresql"):
        with tempfile.TemporaryDirectory() as folder, server.databases(name) as kind:
            found = measured(int(rows), kind, Path(folder))
        imports = {CHANGED: SECOND, ADDED: FIRST}
        for title, one in found.items():
            of = imports.get(title)
            times = one["seconds"] / found[of]["seconds"] if of else None
            kept = verdict(times, most=MOST) if title == CHANGED else ""
            ratio = f"{times:.2f}" if times else ""
            seconds, peak = f"{one['seconds']:.2f}", f"{one['peak_mb']:.0f}"
            lines.append([f"{name}: {title}", seconds, peak, ratio, kept])
    print(table([f"{rows} members", "s", "peak MB", "÷ its import", f"at most {MOST}"], lines))


if __name__ == "__main__":
    result = (
        measure_import(*sys.argv[2:]) if sys.argv[1] == "import" else measure_undo(*sys.argv[2:])
    )
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({**result, "peak_mb": used.ru_maxrss / 1024}))  # KiB: Linux
