"""A search at the desk and the screen that it leads to: among a thousand members, and a million.

    .venv/bin/python -m bench desk [--members 1000000] [--only sqlite|postgresql]

On each database the desks of both sizes, and the members' portal, are served at once and asked in
turns, one visitor at a time. The page of who is found is open already, as after the questions.
With HTMX the screen is the answer to the search; without scripts it is another request.
"""

import argparse
import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from bench import callers, figures, members, server
from bench.browser import HTMX, Browser, Lost, Page
from bench.figures import give_or_take, middle, shown
from bench.server import BIN, HOST, ROOT, Databases, Portal
from bench.sink import Sink, sink

FEW, MANY = 1_000, 1_000_000
ROUNDS, SEARCHES = 8, 25
GROWTH, BESIDE = 1.2, 3  # the most: beside the small one, beside the sign-in page
PLAIN = "number, scripts off"  # two requests; the others are one, in which HTMX gets the screen
WAYS = ("number", "name", "e-mail", PLAIN)
SIGN_IN = "the members’ sign-in page"


@dataclass
class Stand:
    """A desk over this many members; what was measured, a median a round, in milliseconds."""

    size: int
    portal: Portal
    kind: Databases
    browser: Browser
    token: str = ""
    asked: int = 0
    cpu: dict[str, list[float]] = field(default_factory=dict)
    times: dict[str, list[float]] = field(default_factory=dict)

    async def play(self, name: str, journey: Callable[[], Awaitable[None]]) -> None:
        """Some, one after the other."""
        taken, before = [], self.portal.cpu() + self.kind.cpu()
        for _ in range(SEARCHES):
            began = time.perf_counter()
            await journey()
            taken.append(time.perf_counter() - began)
        used = self.portal.cpu() + self.kind.cpu() - before
        self.cpu.setdefault(name, []).append(1000 * used / SEARCHES)
        self.times.setdefault(name, []).append(1000 * middle(taken))


def main(*arguments: str) -> None:
    """Prints a table a database."""
    parser = argparse.ArgumentParser(prog="python -m bench desk")
    parser.add_argument("--members", type=int, default=MANY)
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    chosen = parser.parse_args(arguments)
    for name in [chosen.only] if chosen.only else ["sqlite", "postgresql"]:
        with server.databases(name) as kind:
            asyncio.run(_measure(kind, chosen.members))


async def _measure(kind: Databases, many: int) -> None:
    async with sink() as mails:
        with ExitStack() as servers:
            stands = [_open(servers, kind, size) for size in (FEW, many)]
            front = _front(servers, kind, mails)
            for stand in stands:
                await _begin(stand)
            for number in range(-1, ROUNDS):
                for stand in figures.in_turns(number, [*stands, front]):
                    await _turn(stand)
                if number < 0:  # the first one only warms up
                    for stand in [*stands, front]:
                        stand.cpu.clear()
                        stand.times.clear()
    print(_table(kind.kind, stands, front))


def _found(size: int) -> list[int]:
    """Whom the searches find: as many at every size, spread over all."""
    many = (ROUNDS + 1) * SEARCHES * len(WAYS)
    return [1 + at * max(1, size // many) % size for at in range(many)]


def _open(servers: ExitStack, kind: Databases, size: int) -> Stand:
    url, began = kind.new(f"desk-{size}"), time.perf_counter()
    with server.opened(url) as (engine, world):
        members.write(engine, world, members=size)
        callers.write(engine, world, size)
        token = callers.at_work(engine, world, _found(size))
    print(f"  {kind.kind}: {size:,} members in {time.perf_counter() - began:.0f} s", flush=True)
    portal = servers.enter_context(_desk(url))
    browser = Browser(portal.port)
    browser.cookies["guichet"] = f"s.{token}"
    return Stand(size, portal, kind, browser)


@contextmanager
def _desk(database_url: str) -> Iterator[Portal]:
    """`gunicorn wsgi:desk`, as documented."""
    port = server.free_port()
    address = {"PUBLIC_URL": "http://localhost", "DESK_URL": f"http://{HOST}:{port}"}
    variables = server.environment(port, 25, database_url, **address)
    command = [str(BIN / "gunicorn"), "wsgi:desk", "--log-level", "warning"]
    with server.serving(command, variables, ROOT, port, "/connexion") as (pid, seconds):
        yield Portal(port, pid, seconds)


def _front(servers: ExitStack, kind: Databases, mails: Sink) -> Stand:
    url = kind.new("front")
    with server.opened(url) as (engine, world):
        members.write(engine, world, members=FEW)
    portal = servers.enter_context(server.portal(url, mails.port))
    return Stand(0, portal, kind, Browser(portal.port))


async def _begin(stand: Stand) -> None:
    page = await stand.browser.get("/")
    _, held = page.form("number")
    stand.token = held["csrf_token"]


async def _turn(stand: Stand) -> None:
    if not stand.size:
        await stand.play(SIGN_IN, lambda: _sign_in_page(stand))
        return
    for way in WAYS:
        await stand.play(way, lambda way=way: _search(stand, way))  # type: ignore[misc]


async def _sign_in_page(stand: Stand) -> None:
    page = await stand.browser.get("/connexion")
    if page.status != 200:
        raise Lost(f"no sign-in page: {page.status}")


async def _search(stand: Stand, way: str) -> None:
    everybody = _found(stand.size)
    number = everybody[stand.asked % len(everybody)]
    stand.asked += 1
    path, fields = _typed(way, number)
    posted = {"csrf_token": stand.token, **fields}
    found = await stand.browser.request("POST", path, posted, {} if way == PLAIN else HTMX)
    if found.status == 303:
        found = await stand.browser.get(found.headers["location"])
    _check(found, number)


def _typed(way: str, number: int) -> tuple[str, dict[str, str]]:
    if way in ("number", PLAIN):
        return "/chercher/numero", {"number": members.number(number)}
    if way == "e-mail":
        return "/chercher/email", {"space_email": members.member(number)}
    names = {"last_name": callers.last_name(number), "first_name": callers.first_name(number)}
    return "/chercher/nom", {**names, "born": callers.born(number).isoformat()}


def _check(page: Page, number: int) -> None:
    if members.number(number) not in page.text or "Que faire" not in page.text:
        raise Lost(f"not the page of member {number}: {page.path} ({page.status})")


def _table(kind: str, stands: list[Stand], front: Stand) -> str:
    few, many = stands
    head = [kind, f"{few.size:,}", f"{many.size:,}", f"growth (≤ {GROWTH})", "÷ sign-in page"]
    rows = []
    for way in WAYS:
        for what, series in (("p50, ms", "times"), ("CPU, ms", "cpu")):
            small, large = getattr(few, series)[way], getattr(many, series)[way]
            page = getattr(front, series)[SIGN_IN]
            grown = middle([last / first for first, last in zip(small, large, strict=True)])
            beside = middle([last / one for last, one in zip(large, page, strict=True)])
            cells = [give_or_take(small), give_or_take(large), shown(grown), shown(beside)]
            rows.append([f"search by {way} and its screen: {what}", *cells])
    for what, series in (("p50, ms", "times"), ("CPU, ms", "cpu")):
        page = give_or_take(getattr(front, series)[SIGN_IN])
        rows.append([f"{SIGN_IN}: {what}", page, "", "", ""])
    return figures.table(head, rows)
