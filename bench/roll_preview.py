"""How long the page of what an import would change takes, beside the same trial without a page.

    .venv/bin/python -m bench roll_preview [ROWS [sqlite|postgresql]]

Both are whole commands, from their start to their end, on a roll of which the file changes every
member. They take turns; the table has the fastest of each.
"""

import resource
import subprocess
import tempfile
from pathlib import Path
from time import perf_counter

from bench import server
from bench.figures import table, verdict
from bench.roll_import import write_roll
from bench.roll_undo import write_changed

ROWS, TURNS = 100_000, 3
TRIAL, PAGE = "--dry-run", "--preview"
MOST = 1.5  # times the trial without a page


def measured(rows: int, kind: server.Databases, folder: Path) -> dict[str, list[float]]:
    """Seconds and CPU seconds of each command's fastest turn."""
    new, changed = folder / "new.csv", folder / "changed.csv"
    write_roll(new, rows, codes=True)
    write_changed(changed, new)
    url = kind.new("roll-preview")
    _flask(url, "database", "upgrade")
    _flask(url, "members", "import", new)
    found: dict[str, list[list[float]]] = {TRIAL: [], PAGE: []}
    for turn in range(TURNS):
        for how in (TRIAL, PAGE):
            page = (folder / f"page-{turn}.html",) if how == PAGE else ()
            found[how].append(_flask(url, "members", "import", changed, how, *page))
    return {how: min(turns) for how, turns in found.items()}


def _flask(url: str, *arguments: object) -> list[float]:
    command = [str(server.BIN / "flask"), "--app", "wsgi", *map(str, arguments)]
    variables = server.environment(server.free_port(), server.free_port(), url)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = perf_counter()
    subprocess.run(
        command, check=True, cwd=server.ROOT, env=variables, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    seconds = perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return [seconds, spent]


def main(rows: str = str(ROWS), *kinds: str) -> None:
    """Play both and print them, one line each."""
    lines = []
    for name in kinds or ("sqlite", "postgresql"):
        with tempfile.TemporaryDirectory() as folder, server.databases(name) as kind:
            found = measured(int(rows), kind, Path(folder))
        times, cpu = (mine / other for mine, other in zip(found[PAGE], found[TRIAL], strict=True))
        for how, (seconds, spent) in found.items():
            ratio = [f"{times:.2f}", f"{cpu:.2f}", verdict(times, most=MOST)]
            shown = ratio if how == PAGE else ["", "", ""]
            lines.append([f"{name}: {how}", f"{seconds:.2f}", f"{spent:.2f}", *shown])
    head = [f"{rows} members", "s", "CPU s", "÷ the trial’s s", "CPU", f"at most {MOST}"]
    print(table(head, lines))
