"""The portal beside what a team would pick instead, and beside the floor, in one run."""

import argparse
import asyncio
import os
import sys
import tempfile
from pathlib import Path

from bench.figures import give_or_take, shown
from bench.peers import report, rounds, targets
from bench.peers.rounds import Size
from bench.sink import sink


def main(*arguments: str) -> None:
    """Prints the table. `--rounds 12` for steadier figures."""
    parser = argparse.ArgumentParser(prog="python -m bench peers")
    parser.add_argument("--rounds", type=int, default=Size.rounds)
    chosen = parser.parse_args(arguments)
    asyncio.run(_measure(Size(rounds=chosen.rounds)))


async def _measure(size: Size) -> None:
    targets.install()
    with tempfile.TemporaryDirectory(prefix="bench-peers-") as folder:
        async with sink() as mails:
            found, units = await rounds.run(mails, Path(folder), size)
    milliseconds = [1000 * unit for unit in units]
    ours = 1000 * rounds.argon2_seconds(sys.executable)
    print(
        f"One argon2 check: {give_or_take(milliseconds)} ms of CPU with PyPI's wheel, the unit of "
        f"this table; {shown(ours)} ms as `make install` compiled it for the portal."
    )
    print(
        f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} now; {size.rounds} rounds.\n"
    )
    print(report.table(found, units, {each.key: each.title for each in targets.EVERYBODY}))
    for key, each in found.items():
        for fault in dict.fromkeys(each.faults):
            print(f"FAULT {key}: {fault}")
