"""What grows with the number of members, and what must not.

    .venv/bin/python -m bench growth [--million] [--only sqlite|postgresql]

On each database the portals of all sizes are served at once and asked in turns, one visitor at a
time. The CPU of PostgreSQL's own processes is counted with the portal's.
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from sqlalchemy import insert

from bench import figures, journeys, members, roll_import, server
from bench.browser import Browser, Lost
from bench.figures import give_or_take, middle, shown
from bench.server import Databases, Portal
from bench.sink import Sink, sink
from webapp.models import JournalEntry, StoredSession
from webapp.rules import lifetimes
from webapp.rules.ranks import Rank
from webapp.services.kernel import new_sessions
from webapp.services.kernel.work import Work
from webapp.services.kernel.world import World
from webapp.services.space import retention

SIZES, MILLION = (1_000, 100_000), 1_000_000
ROUNDS, SIGN_INS, REGISTRATIONS, LOOK_UPS = 6, 8, 4, 40
OPEN = 10  # sessions looked up, spread over all of them
OVERDUE = 5_000  # rows of each kind that the purge finds, at every size
MOST = 1.05  # sign-in at the largest size, beside the smallest


@dataclass
class Stand:
    """A portal with this many members, and what was measured: a figure a round."""

    size: int
    portal: Portal
    kind: Databases
    url: str
    cpu: dict[str, list[float]] = field(default_factory=dict)
    times: dict[str, list[float]] = field(default_factory=dict)
    newcomers: int = 0

    def spent(self) -> float:
        return self.portal.cpu()

    async def play(self, name: str, count: int, journey: Callable[[int], Awaitable[None]]) -> None:
        """One after the other; keeps CPU and median time of one, in milliseconds."""
        taken, before = [], self.portal.cpu() + self.kind.cpu()
        for number in range(count):
            began = time.perf_counter()
            await journey(number)
            taken.append(time.perf_counter() - began)
        used = self.portal.cpu() + self.kind.cpu() - before
        self.cpu.setdefault(name, []).append(1000 * used / count)
        self.times.setdefault(name, []).append(1000 * middle(taken))


def main(*arguments: str) -> None:
    """Prints a table a database."""
    parser = argparse.ArgumentParser(prog="python -m bench growth")
    parser.add_argument("--million", action="store_true")
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    chosen = parser.parse_args(arguments)
    sizes = (*SIZES, MILLION) if chosen.million else SIZES
    for name in [chosen.only] if chosen.only else ["sqlite", "postgresql"]:
        with server.databases(name) as kind, tempfile.TemporaryDirectory() as folder:
            asyncio.run(_measure(kind, sizes, Path(folder)))


async def _measure(kind: Databases, sizes: tuple[int, ...], folder: Path) -> None:
    async with sink() as mails:
        with ExitStack() as servers:
            stands = [_open(servers, kind, size, mails) for size in sizes]
            for number in range(-1, ROUNDS):
                for stand in figures.in_turns(number, stands):
                    await _turn(stand, mails, max(number, 0))
                if number < 0:  # the first one only warms up
                    for stand in stands:
                        stand.cpu.clear()
                        stand.times.clear()
    purges = [_purge(stand) for stand in stands]
    rolls = []
    for size in sizes:
        print(f"  {kind.kind}: roll of {size:,} …", flush=True)
        rolls.append(roll_import.measured(size, kind, folder))
    print(_table(kind.kind, stands, purges, rolls))


def _open(servers: ExitStack, kind: Databases, size: int, mails: Sink) -> Stand:
    url, began = kind.new(f"members-{size}"), time.perf_counter()
    with server.opened(url) as (engine, world):
        members.write(engine, world, members=size, newcomers=200)
    print(f"  {kind.kind}: {size:,} members in {time.perf_counter() - began:.0f} s", flush=True)
    return Stand(size, servers.enter_context(server.portal(url, mails.port)), kind, url)


async def _turn(stand: Stand, mails: Sink, number: int) -> None:
    step = max(1, stand.size // (ROUNDS * SIGN_INS))

    async def sign_in(each: int) -> None:
        browser = Browser(stand.portal.port)
        email = members.member(1 + (number * SIGN_INS + each) * step % stand.size)
        await journeys.sign_in(browser, mails, email)
        browser.close()

    async def register(_each: int) -> None:
        stand.newcomers += 1
        browser = Browser(stand.portal.port)
        await journeys.register(browser, mails, members.newcomer(stand.newcomers))
        browser.close()

    signed_in = max(stand.size // 100, OPEN)
    browser = Browser(stand.portal.port)

    async def look_up(each: int) -> None:
        # as many sessions at every size: each is written to once a minute at most
        whose = 1 + each % OPEN * (signed_in // OPEN)
        browser.cookies = {"session": "s." + members.token(whose)}
        page = await browser.get("/espace")
        if members.member(whose) not in page.text:
            raise Lost(f"not the space of member {whose}: {page.path} ({page.status})")

    await stand.play("sign-in", SIGN_INS, sign_in)
    await stand.play("registration", REGISTRATIONS, register)
    await stand.play("session look-up", LOOK_UPS, look_up)
    browser.close()


def _purge(stand: Stand) -> tuple[float, int]:
    """Milliseconds, and how many rows it removed."""
    with server.opened(stand.url) as (engine, world):
        work = Work(engine, world)
        retention.purge(work)  # what the journeys above left behind
        _add_overdue(work, world)
        work.settle()
        began = time.perf_counter()
        removed = retention.purge(work)
        work.close(commit=True)
        return 1000 * (time.perf_counter() - began), removed


def _add_overdue(work: Work, world: World) -> None:
    past, year = work.now - timedelta(days=1), work.now - lifetimes.JOURNAL - timedelta(days=1)
    rows = [
        {
            **new_sessions.fresh(work, Rank.MEMBER, f"overdue session number {each:020d}"),
            "idle_until": past,
            "ends_at": past,
        }
        for each in range(OVERDUE)
    ]
    work.db.execute(insert(StoredSession), rows)
    entry = {"at": year, "event": "sign_in.done", "origin": "127.0.0.1", "facts": {}}
    work.db.execute(insert(JournalEntry), [entry] * OVERDUE)


def _table(
    kind: str,
    stands: list[Stand],
    purges: list[tuple[float, int]],
    rolls: list[dict[str, dict[str, float]]],
) -> str:
    rows = []
    for name in stands[0].cpu:
        for what, series in (("CPU, ms", "cpu"), ("p50, ms", "times")):
            values = [getattr(stand, series)[name] for stand in stands]
            ratio = middle(
                [last / first for first, last in zip(values[0], values[-1], strict=True)]
            )
            rows.append([f"{name}: {what}", *map(give_or_take, values), shown(ratio)])
    milliseconds = [each for each, _ in purges]
    title = f"purge of {purges[0][1]:,} overdue rows, ms"
    rows.append([title, *map(shown, milliseconds), shown(milliseconds[-1] / milliseconds[0])])
    for title in (roll_import.NEW, roll_import.AGAIN, roll_import.BULK):
        speeds = [
            size / roll[title]["seconds"]
            for size, roll in zip((s.size for s in stands), rolls, strict=True)
        ]
        cells = [*map(shown, speeds), shown(speeds[0] / speeds[-1])]
        rows.append([f"roll, rows a second: {title}", *cells])
    shares = [
        roll[roll_import.BULK]["seconds"] / roll[roll_import.NEW]["seconds"] for roll in rolls
    ]
    rows.append(["roll: import’s speed ÷ bulk load’s (≥ 0.5)", *map(shown, shares), ""])
    head = [kind, *(f"{stand.size:,}" for stand in stands), f"cost × (sign-in ≤ {MOST})"]
    return figures.table(head, rows)
