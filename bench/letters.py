"""How fast paper letters are printed, beside WeasyPrint making the same two pages, and in how much
memory.

    .venv/bin/python -m bench letters [--letters 2000] [--many 80000] [--turns 3]

Both print as two processes do on two processors; a turn is one after the other, so that a busy
moment hits both. Memory is that of the whole tree of processes, what they share counted once.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from bench import figures, processes, server
from bench.peers import targets
from webapp.adapters import brand, press, press_case, press_room, press_sheets
from webapp.services.letters.sheets import Addressee, Sheet

A_FILE, OF_A_PEER = 500, 10  # letters a file; letters of one document of WeasyPrint's
SITE = "https://espace.example.org"
LEAST_TIMES, MOST_MINUTES, MOST_MB, MOST_GROWTH, MOST_BYTES = 4, 10, 500, 1.2, 12_000
_PEER = targets.SITES / "letters_weasyprint.py"


def sheets(count: int) -> list[Sheet]:
    """So many invented members' letters."""
    return [_sheet(at, count) for at in range(1, count + 1)]


def _sheet(at: int, count: int) -> Sheet:
    last = ("Martin", "Lefèvre", "Nguyễn", "D’Hérouville", "Exemple")[at % 5]
    number = f"{at:08d}"
    to = Addressee(
        number, "Mme", last, "Odile", f"MME ODILE {last.upper()}\n{at} RUE DES LILAS\n01000 EXEMPLE"
    )
    code = f"{at % 9973:04d}-{at % 8191:04X}-{at % 7919:04d}"
    return Sheet(1, at, count, to, code, date(2026, 11, 29), date(2027, 2, 27))


def _files(count: int) -> Iterator[Sequence[Sheet]]:
    for at in range(0, count, A_FILE):
        yield [_sheet(each + 1, count) for each in range(at, min(at + A_FILE, count))]


def _print(count: int) -> None:
    """In a process of its own: print and tell how long it took."""
    own = press.open_press(brand.read(brand.OURS), SITE)
    began, weight = time.perf_counter(), 0
    for pdf in own.files(_files(count), made_at=datetime(2026, 11, 29, tzinfo=UTC)):
        weight += len(pdf)
    seconds = time.perf_counter() - began
    spent = [resource.getrusage(each) for each in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    cpu = sum(each.ru_utime + each.ru_stime for each in spent)
    print(json.dumps({"seconds": seconds, "cpu": cpu, "bytes": weight}))


def ours(count: int) -> dict[str, float]:
    """Seconds, CPU seconds, bytes and peak memory (MB) of so many letters."""
    command = [sys.executable, "-m", "bench.letters", "print", str(count)]
    running = subprocess.Popen(command, cwd=server.ROOT, stdout=subprocess.PIPE, text=True)
    peak, over = [0], threading.Event()

    def watch() -> None:
        while not over.wait(0.2):
            peak[0] = max(peak[0], processes.memory(running.pid)[1])

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        told = running.communicate()[0]
    finally:  # whatever stopped us
        over.set()
        watching.join()
        running.kill()
    if running.returncode:
        sys.exit("The press stopped.")
    return {**json.loads(told), "peak_mb": peak[0] / 1e6}


def weasyprint(folder: Path) -> tuple[float, float]:
    """Letters a second, and CPU seconds a letter, of two WeasyPrints at once."""
    command = [targets.PYTHON, _PEER, folder]
    began = time.perf_counter()
    running = [
        subprocess.Popen([*command, folder / f"{name}.json"], stdout=subprocess.PIPE)
        for name in "ab"
    ]
    told = [each.communicate()[0] for each in running]
    seconds = time.perf_counter() - began
    if any(each.returncode for each in running):
        sys.exit("WeasyPrint stopped.")
    cpu = sum(json.loads(each)["cpu"] for each in told)
    return 2 * OF_A_PEER / seconds, cpu / (2 * OF_A_PEER)


def _lay(folder: Path, files: dict[str, bytes]) -> None:
    """What WeasyPrint reads beside the press's own folder."""
    room = press_room.Room(files)
    facts = json.loads(files[press_case.FACTS])
    letters = [press_sheets.told(each, room, SITE) for each in sheets(2 * OF_A_PEER)]
    for name, own in (("a", letters[:OF_A_PEER]), ("b", letters[OF_A_PEER:])):
        (folder / f"{name}.json").write_text(json.dumps({"facts": facts, "letters": own}))


def main(*arguments: str) -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(prog="python -m bench letters")
    parser.add_argument("--letters", type=int, default=2_000)
    parser.add_argument("--many", type=int, default=0, help="as many again, in one batch")
    parser.add_argument("--turns", type=int, default=3)
    wish = parser.parse_args(arguments)
    targets.install()
    files = press_case.contents(brand.read(brand.OURS), SITE)
    few, rates, theirs, their_cpu = [], [], [], []
    with press_case.laid(files) as folder:
        _lay(folder, files)
        for _ in range(wish.turns):
            few.append(ours(wish.letters))
            rates.append(wish.letters / few[-1]["seconds"])
            rate, cpu = weasyprint(folder)
            theirs.append(rate)
            their_cpu.append(cpu)
    many = ours(wish.many) if wish.many else None
    _tell(wish.letters, few, (rates, theirs, their_cpu), many, wish.many)


def _tell(
    count: int,
    few: list[dict[str, float]],
    turns: tuple[list[float], list[float], list[float]],
    many: dict[str, float] | None,
    count_many: int,
) -> None:
    rates, theirs, their_cpu = turns
    cpu = [each["cpu"] / count for each in few]
    times = figures.middle(own / other for own, other in zip(rates, theirs, strict=True))
    peak = max(each["peak_mb"] for each in few)
    weight = few[0]["bytes"] / count
    rows = [
        ["letters a second", figures.give_or_take(rates), ""],
        ["WeasyPrint’s", figures.give_or_take(theirs), ""],
        ["times WeasyPrint’s", figures.shown(times), figures.verdict(times, least=LEAST_TIMES)],
        ["CPU ms a letter", figures.give_or_take([1000 * each for each in cpu]), ""],
        ["WeasyPrint’s CPU ms", figures.give_or_take([1000 * each for each in their_cpu]), ""],
        ["bytes a letter", figures.shown(weight), figures.verdict(weight, most=MOST_BYTES)],
        [f"peak MB, {count}", figures.shown(peak), figures.verdict(peak, most=MOST_MB)],
    ]
    if many:
        minutes, growth = many["seconds"] / 60, many["peak_mb"] / peak
        rows += [
            [f"minutes, {count_many}", f"{minutes:.1f}",
             figures.verdict(minutes * 80_000 / count_many, most=MOST_MINUTES)],
            [f"peak MB, {count_many}", figures.shown(many["peak_mb"]),
             figures.verdict(many["peak_mb"], most=MOST_MB)],
            [f"÷ that of {count}", figures.shown(growth),
             figures.verdict(growth, most=MOST_GROWTH)],
        ]  # fmt: skip
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} now.\n")
    print(figures.table(["paper letters", "", ""], rows))


if __name__ == "__main__":
    _print(int(sys.argv[2]))
