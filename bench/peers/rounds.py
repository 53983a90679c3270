"""Everybody in turn, in short rounds, so that a busy moment of the machine hits all of them."""

import asyncio
import subprocess
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from bench import figures, members, processes
from bench.browser import Browser, Lost
from bench.peers import gate, targets
from bench.peers.targets import Place, Target, WithMembers
from bench.sink import NoMail, Sink

AT_A_TIME, PER_CONNECTION = 8, 25
MEMBERS, KEPT_FOR_THE_GATE, FIRST_NEWCOMER = 1_000, 40, 100
STARTS = 3


@dataclass
class Found:
    """What was measured of one target; each list has a figure a round."""

    starts: list[float] = field(default_factory=list)
    page_cpu: list[float] = field(default_factory=list)  # seconds a page
    page_rate: list[float] = field(default_factory=list)
    page_bytes: int = 0
    cpu: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))  # a journey
    rate: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    half: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))  # p50 a round
    costs: dict[str, tuple[int, int]] = field(default_factory=dict)  # requests, bytes a journey
    faults: list[str] = field(default_factory=list)
    resident: int = 0
    proportional: int = 0


@dataclass(frozen=True)
class Size:
    """How long a run is."""

    rounds: int = 6
    page_seconds: float = 0.8
    sign_ins: int = 24  # a round
    registrations: int = 16  # a round


@dataclass
class Stand:
    """A target that is being served."""

    target: Target
    place: Place
    port: int
    pid: int
    found: Found
    newcomers: int = FIRST_NEWCOMER

    @property
    def played(self) -> WithMembers:
        """The target, whose journeys are played."""
        assert isinstance(self.target, WithMembers), f"{self.target.title} has no members"
        return self.target

    def cpu(self) -> float:
        return processes.cpu_seconds(self.pid)


_CHECKS = """
import sys, time
from argon2 import PasswordHasher
hasher = PasswordHasher(2, 19_456, 1)
made, taken = hasher.hash(sys.argv[1]), []
for _ in range(12):
    before = time.process_time()
    hasher.verify(made, sys.argv[1])
    taken.append(time.process_time() - before)
print(*taken)
"""


def argon2_seconds(python: str | Path = targets.PYTHON) -> float:
    """CPU seconds of one check with the settings that everybody has, by the argon2 of that Python.

    The unit of the table is the peers': argon2-cffi as PyPI has it.
    """
    command = [python, "-c", _CHECKS, members.PASSWORD]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return figures.middle(map(float, told.split()))


async def run(sink: Sink, folder: Path, size: Size) -> tuple[dict[str, Found], list[float]]:
    """Measure everybody; returns what was found by key, and the unit of each round."""
    found = {target.key: Found() for target in targets.EVERYBODY}
    units = []
    with ExitStack() as servers:
        stands = [_open(servers, target, folder, sink, found) for target in targets.EVERYBODY]
        for stand in stands:
            await _warm(stand, sink)
        for number in range(size.rounds):
            print(f"  round {number + 1} of {size.rounds} …", flush=True)
            units.append(argon2_seconds())
            for stand in figures.in_turns(number, stands):
                await _turn(stand, sink, number, size)
        for stand in stands:
            stand.found.resident, stand.found.proportional = processes.memory(stand.pid)
        for stand in stands:
            await _newcomers_sign_in(stand, sink)
    return found, units


def _open(
    servers: ExitStack, target: Target, folder: Path, sink: Sink, found: dict[str, Found]
) -> Stand:
    place = Place(folder / target.key, sink.port)
    place.folder.mkdir()
    target.fill(place, MEMBERS)
    with target.serve(place):
        pass  # the byte code is compiled, the files are in the machine's memory
    for _ in range(STARTS - 1):
        with target.serve(place) as (_, _, seconds):
            found[target.key].starts.append(seconds)
    port, pid, seconds = servers.enter_context(target.serve(place))
    found[target.key].starts.append(seconds)
    return Stand(target, place, port, pid, found[target.key])


async def _warm(stand: Stand, sink: Sink) -> None:
    target = stand.target
    await _pages(stand, 0.5)
    page = await target.browser(stand.port).get(target.sign_in_path)
    stand.found.page_bytes = len(page.body)
    if isinstance(target, WithMembers):
        await gate.check(target, stand.place, stand.port, sink, MEMBERS)
        warm = range(MEMBERS - KEPT_FOR_THE_GATE, MEMBERS - KEPT_FOR_THE_GATE + 16)
        await _all_at_once([_sign_in(stand, sink, number) for number in warm])
        await _all_at_once([_register(stand, sink, number) for number in range(2, 10)])
    stand.found.times.clear()
    stand.found.costs.clear()


async def _turn(stand: Stand, sink: Sink, number: int, size: Size) -> None:
    cpu, (pages, seconds) = stand.cpu(), await _pages(stand, size.page_seconds)
    stand.found.page_cpu.append((stand.cpu() - cpu) / pages)
    stand.found.page_rate.append(pages / seconds)
    if not isinstance(stand.target, WithMembers):
        return
    last = MEMBERS - KEPT_FOR_THE_GATE
    first = number * size.sign_ins
    chosen = [1 + (first + each) % last for each in range(size.sign_ins)]
    await _measured(stand, "sign-in", [_sign_in(stand, sink, each) for each in chosen])
    first, stand.newcomers = stand.newcomers, stand.newcomers + size.registrations
    people = range(first, stand.newcomers)
    await _measured(stand, "registration", [_register(stand, sink, each) for each in people])


async def _pages(stand: Stand, seconds: float) -> tuple[int, float]:
    """Ask for the sign-in page, eight at a time; returns how many came, in how long."""
    began, came = time.perf_counter(), 0
    path = stand.target.sign_in_path

    async def visitor() -> None:
        nonlocal came
        while time.perf_counter() - began < seconds:
            browser = stand.target.browser(stand.port)
            for _ in range(PER_CONNECTION):  # then anew: the kernel chooses a process again
                page = await browser.request("GET", path, None, {})
                if page.status != 200 or not page.body:
                    stand.found.faults.append(f"{path}: {page.status}")
                came += 1
                browser.cookies.clear()
            browser.close()

    await asyncio.gather(*(visitor() for _ in range(AT_A_TIME)))
    return came, time.perf_counter() - began


Journey = Callable[[], Awaitable[None]]


async def _measured(stand: Stand, name: str, journeys: list[Journey]) -> None:
    found, before, cpu = stand.found, len(stand.found.times[name]), stand.cpu()
    began = time.perf_counter()
    await _all_at_once(journeys)
    seconds, cpu = time.perf_counter() - began, stand.cpu() - cpu
    times = found.times[name][before:]
    if times:
        found.cpu[name].append(cpu / len(times))
        found.rate[name].append(len(times) / seconds)
        found.half[name].append(figures.middle(times))


async def _all_at_once(journeys: list[Journey]) -> None:
    """Eight visitors; each plays one journey after the other."""
    waiting = list(journeys)

    async def visitor() -> None:
        while waiting:
            await waiting.pop(0)()

    await asyncio.gather(*(visitor() for _ in range(AT_A_TIME)))


def _sign_in(stand: Stand, sink: Sink, number: int) -> Journey:
    return _timed(stand, "sign-in", lambda each: stand.played.sign_in(each, sink, number))


def _register(stand: Stand, sink: Sink, number: int) -> Journey:
    async def whole(browser: Browser) -> None:
        link = await stand.played.ask(browser, sink, number)
        await stand.played.confirm(browser, link)

    return _timed(stand, "registration", whole)


def _timed(stand: Stand, name: str, journey: Callable[[Browser], Awaitable[object]]) -> Journey:
    async def play() -> None:
        browser = stand.target.browser(stand.port)
        began = time.perf_counter()
        try:
            await journey(browser)
        except (Lost, NoMail) as fault:
            stand.found.faults.append(f"{name}: {fault}")
        else:
            stand.found.times[name].append(time.perf_counter() - began)
            stand.found.costs[name] = browser.requests, browser.received
        finally:
            browser.close()

    return play


async def _newcomers_sign_in(stand: Stand, sink: Sink) -> None:
    """A registration counts only when its account works."""
    if not isinstance(stand.target, WithMembers):
        return

    def signs_in(number: int) -> Journey:
        return _timed(
            stand, "checked", lambda each: stand.played.newcomer_signs_in(each, sink, number)
        )

    people = range(FIRST_NEWCOMER, stand.newcomers)
    await _all_at_once([signs_in(number) for number in people])
