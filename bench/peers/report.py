"""One table of a run: every target beside the others, ours against the best peer, bounds kept."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bench import figures
from bench.figures import DASH, give_or_take, middle, shown, verdict
from bench.peers.rounds import Found

OURS, PEERS = ("portal", "portal-htmx"), ("flask-security", "allauth")
MIB = 2**20


@dataclass(frozen=True)
class Line:
    """A row: what it says, each target's figure, and what ours is held to.

    `against`: ours is divided by the best of the peers first; `more` is better then.
    """

    title: str
    cell: Callable[[str], str]
    figure: Callable[[str], float | None] = lambda key: None
    against: bool = False
    more: bool = False
    bound: float | None = None


def ratios(values: list[float], by: list[float]) -> list[float]:
    """Round by round."""
    return [one / other for one, other in zip(values, by, strict=False)]


def best(found: Mapping[str, Found], figure: Callable[[str], float | None], *, more: bool) -> float:
    """The best peer's figure."""
    known = [value for key in PEERS if (value := figure(key)) is not None]
    return max(known) if more else min(known)


def lines(found: Mapping[str, Found], units: list[float]) -> list[Line]:
    """The rows of the table. `units` are the CPU seconds of one argon2 check in each round."""
    floor = found["template"].page_cpu

    def series(title: str, values: Callable[[Found], list[float]], **held: object) -> Line:
        def cell(key: str) -> str:
            return give_or_take(values(found[key]))

        def figure(key: str) -> float | None:
            return middle(values(found[key])) if values(found[key]) else None

        return Line(title, cell, figure, **held)  # type: ignore[arg-type]

    def journey(name: str, cpu: float) -> list[Line]:
        plural = {"sign-in": "sign-ins", "registration": "registrations"}[name]

        def tail(key: str) -> str:
            times = found[key].times.get(name)
            return shown(1000 * figures.percentile(times, 0.95)) if times else DASH

        def cost(key: str) -> str:
            requests, received = found[key].costs.get(name, (0, 0))
            return f"{requests} / {received / 1000:.1f}" if requests else DASH

        checks = f"{name}: server CPU, in argon2 checks"
        p50 = 0.6 if name == "sign-in" else None
        return [
            series(checks, lambda each: ratios(each.cpu[name], units), bound=cpu),
            series(
                f"{plural} a second", lambda each: each.rate[name],
                against=True, more=True, bound=1.8,
            ),
            series(
                f"{name}: p50, ms", lambda each: [1000 * half for half in each.half[name]],
                against=True, bound=p50,
            ),
            Line(f"{name}: p95, ms", tail),
            Line(f"{name}: requests / kB received", cost),
        ]  # fmt: skip

    def memory(key: str) -> float:
        return found[key].proportional / MIB

    def start(key: str) -> float:
        return min(found[key].starts)

    def resident(key: str) -> str:
        return shown(found[key].resident / MIB)

    page = "sign-in page"
    return [
        *journey("sign-in", 1.35),
        *journey("registration", 1.5),
        series(f"{page}: CPU, in floor templates", lambda each: ratios(each.page_cpu, floor),
               bound=2.0),
        series(f"{page}: CPU, in argon2 checks", lambda each: ratios(each.page_cpu, units)),
        series(f"{page}: pages a second", lambda each: each.page_rate),
        Line(f"{page}: kB of HTML sent", lambda key: shown(found[key].page_bytes / 1000)),
        Line("memory after load, PSS of all, MiB", lambda key: shown(memory(key)), memory,
             against=True, bound=0.5),
        Line("memory after load, RSS of workers, MiB", resident),
        Line("start to first page, best, s", lambda key: shown(start(key)), start,
             against=True, bound=1.0),
        Line("faults", lambda key: str(len(found[key].faults))),
    ]  # fmt: skip


def table(found: Mapping[str, Found], units: list[float], titles: Mapping[str, str]) -> str:
    """The table, as Markdown."""
    head = ["", *(titles[key] for key in found), "ours", "held to", "kept?"]
    rows = []
    for line in lines(found, units):
        cells = [line.title, *(line.cell(key) for key in found)]
        rows.append([*cells, *_judged(line, found)])
    return figures.table(head, rows)


def _judged(line: Line, found: Mapping[str, Found]) -> list[str]:
    """Ours (the plain portal; a ratio where the line says so), the bound, whether it is kept."""
    ours = line.figure(OURS[0])
    if ours is None:
        return ["", "", ""]
    sign = ""
    if line.against:
        ours, sign = ours / best(found, line.figure, more=line.more), " ×"
    if line.bound is None:
        return [shown(ours) + sign, "", ""]
    held = {"least": line.bound} if line.more else {"most": line.bound}
    bound = ("≥ " if line.more else "≤ ") + f"{line.bound:g}{sign}"
    return [shown(ours) + sign, bound, verdict(ours, **held)]
