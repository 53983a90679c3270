"""The worst hour of a large mutual's worst Monday, at real speed, against the documented set-up.

    .venv/bin/python -m bench monday [--minutes 2] [--hour] [--rows 500000] [--hurry 1]

The model is `Model` below. gunicorn runs with gunicorn.conf.py, the database is PostgreSQL; both
share the machine with the visitors. `--minutes` plays the hour's worst minutes, `--hour` all of it;
`--hurry 4` divides the members' pauses, not their number. Nothing may go wrong.
"""

import argparse
import asyncio
import random
import re
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import insert

from bench import journeys, members, server
from bench.browser import Browser, Lost, Page
from bench.figures import percentile, shown, table
from bench.sink import Mail, NoMail, Sink, sink
from player.mailed_codes import codes_in
from webapp.models import Device
from webapp.services.kernel.sessions import hashed
from webapp.services.kernel.work import Work

NEW_PASSWORD = "cinq autres mots bien choisis"
MAIL, PATIENCE = "mail, after the page that announces it", 120.0
TRUSTED, NEWCOMERS = 4_000, 8_000  # prepared; an hour needs fewer


@dataclass(frozen=True)
class Model:
    """The mutual writes to all its members on Monday morning: the new contribution is in."""

    members: int = 500_000
    come: float = 0.12  # of those written to, on that day
    in_the_hour: float = 0.20  # of those who come, in the busiest hour
    peak: float = 2.0  # its worst ten minutes, beside its mean
    with_code: float = 0.68  # return, password and mailed code
    trusted: float = 0.12  # return on a remembered device: the password alone
    registering: float = 0.17  # open their space with the paper letter, then sign in
    forgotten: float = 0.03  # choose a new password, then sign in
    mistyped: float = 0.08  # of those who sign in: a wrong password first
    without_scripts: float = 0.05
    pauses: tuple[tuple[str, float], ...] = (  # medians in seconds; spread as people's are
        ("sign in", 15), ("code", 20), ("read", 20), ("letter", 60), ("terms", 30),
        ("link", 25), ("press", 4), ("forgotten", 15),
    )  # fmt: skip

    @property
    def visits(self) -> float:
        """In the whole hour."""
        return self.members * self.come * self.in_the_hour

    def rate(self, second: float) -> float:
        """Visits a second at this moment of the hour: the peak first, then an even rest."""
        mean = self.visits / 3_600
        rest = (3_600 - 600 * self.peak) / 3_000
        return mean * (self.peak if second < 600 else rest)

    def arrivals(self, seconds: float, chance: random.Random) -> Iterator[float]:
        """The moments at which visitors come: each on their own (a Poisson process)."""
        moment, most = 0.0, self.rate(0)
        while (moment := moment + chance.expovariate(most)) < seconds:
            if chance.random() < self.rate(moment) / most:
                yield moment

    def kind(self, chance: random.Random) -> str:
        """What one visitor comes for."""
        kinds = ("with_code", "trusted", "registering", "forgotten")
        return chance.choices(kinds, [getattr(self, each) for each in kinds])[0]

    def pause(self, what: str, chance: random.Random) -> float:
        """Seconds that a member takes: log-normal, at most four medians."""
        median = dict(self.pauses)[what]
        return min(median * chance.lognormvariate(0, 0.5), 4 * median)


@dataclass
class Day:
    """Where the visitors go, and what became of them."""

    model: Model
    port: int
    mails: Sink
    rows: int
    hurry: float
    chance: random.Random = field(default_factory=lambda: random.Random(2026))
    done: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    taken: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    numbers: Counter[str] = field(default_factory=Counter)

    async def visit(self, kind: str) -> None:
        """One visitor, from the first page to closing the browser."""
        browser = Browser(self.port, htmx=self.chance.random() >= self.model.without_scripts)
        self.numbers[kind] += 1
        try:
            await getattr(self, f"_{kind}")(browser, self.numbers[kind])
            self.done[kind] += 1
        except (Lost, NoMail, ValueError) as fault:
            self.faults.append(f"{kind}: {fault}")
        finally:
            browser.close()
            for asked, seconds in browser.taken:
                self.taken[_named(asked)].append(seconds)

    async def _with_code(self, browser: Browser, number: int) -> None:
        who = TRUSTED + 1 + number * 7 % (self.rows - 2 * TRUSTED)
        await self._sign_in(browser, members.member(who))

    async def _trusted(self, browser: Browser, number: int) -> None:
        browser.cookies["device"] = _device(number)
        page = await self._first(browser, "/connexion")
        await self._think("sign in")
        fields = {"email": members.member(number), "password": members.PASSWORD}
        await self._read(browser, await browser.submit(page, fields), members.member(number))

    async def _registering(self, browser: Browser, number: int) -> None:
        letter = members.newcomer(number)
        page = await self._first(browser, "/inscription")
        await self._think("letter")
        page = await browser.submit(page, {
            "number": letter.number, "access_code": letter.access_code, "email": letter.email,
            "password": members.PASSWORD, "password_repeat": members.PASSWORD,
        })  # fmt: skip
        await self._think("terms")
        await browser.submit(page, {}, "accept")
        link = (await self._mail(letter.email)).link("/inscription/validation/")
        await self._think("link")
        page = await browser.get(link[link.index("/inscription/") :])
        await self._think("press")
        if "finalisée" not in (await browser.submit(page, {})).text:
            raise Lost("the link did not confirm")
        await self._sign_in(browser, letter.email)

    async def _forgotten(self, browser: Browser, number: int) -> None:
        who = self.rows - number
        email, part = members.member(who), "/mot-de-passe-oublie/nouveau/"
        page = await self._first(browser, "/mot-de-passe-oublie")
        await self._think("forgotten")
        fields = {"email": email, "number": members.number(who)}
        await browser.submit(page, fields)
        link = (await self._mail(email)).link(part)
        await self._think("link")
        page = await browser.get(link[link.index(part) :])
        await self._think("forgotten")
        await browser.submit(page, {"password": NEW_PASSWORD, "password_repeat": NEW_PASSWORD})
        self.mails.forget(email)  # the notice that it was changed may come before or after
        await self._sign_in(browser, email, NEW_PASSWORD)

    async def _sign_in(
        self, browser: Browser, email: str, password: str = members.PASSWORD
    ) -> None:
        page = await self._first(browser, "/connexion")
        if self.chance.random() < self.model.mistyped:
            await self._think("sign in")
            page = await browser.submit(page, {"email": email, "password": password + "s"})
        await self._think("sign in")
        page = await browser.submit(page, {"email": email, "password": password})
        page.form("security_code")
        code = await self._code(email)
        await self._think("code")
        await self._read(browser, await browser.submit(page, {"security_code": code}), email)

    async def _code(self, email: str) -> str:
        while True:
            mail = await self._mail(email)
            if codes_in(mail.text, 6):
                return mail.code

    async def _mail(self, email: str) -> Mail:
        began = time.perf_counter()
        mail = await self.mails.mail(email, PATIENCE)
        self.taken[MAIL].append(time.perf_counter() - began)
        return mail

    async def _read(self, browser: Browser, page: Page, email: str) -> None:
        """The space, looked at twice, then left: half sign out, half close the page."""
        journeys.arrived(page, email)
        await self._think("read")
        page = journeys.arrived(await browser.get("/espace"), email)
        await self._think("read")
        if self.chance.random() < 0.5:
            leaves = [form for form in re.findall(r'action="([^"]+)"', page.text) if "deco" in form]
            token = page.form("csrf_token")[1]["csrf_token"]
            await browser.request("POST", leaves[0], {"csrf_token": token}, {})

    async def _first(self, browser: Browser, path: str) -> Page:
        """A page and, the first time, the files that it names."""
        fresh = not browser.taken
        page = await browser.get(path)
        if fresh:
            for file in dict.fromkeys(re.findall(r'(?:src|href)="(/static/[^"]+)"', page.text)):
                await browser.request("GET", file, None, {})
        return page

    async def _think(self, what: str) -> None:
        await asyncio.sleep(self.model.pause(what, self.chance) / self.hurry)


def main(*arguments: str) -> None:
    """Prints the model, then what the visitors met."""
    parser = argparse.ArgumentParser(prog="python -m bench monday")
    parser.add_argument("--minutes", type=float, default=2)
    parser.add_argument("--hour", action="store_true")
    parser.add_argument("--rows", type=int, default=500_000, help="members in the database")
    parser.add_argument("--hurry", type=float, default=1, help="divides the members' pauses")
    chosen = parser.parse_args(arguments)
    minutes = 60 if chosen.hour else chosen.minutes
    asyncio.run(_measure(Model(), 60 * minutes, chosen.rows, chosen.hurry))


async def _measure(model: Model, seconds: float, rows: int, hurry: float) -> None:
    print(f"{model.members:,} members, {model.visits:,.0f} visits in the hour, "
          f"{model.rate(0):.1f} a second at its worst; {seconds / 60:g} minutes are played"
          + (f", pauses divided by {hurry:g}" if hurry != 1 else ""), flush=True)  # fmt: skip
    with server.databases("postgresql") as kind:
        url = kind.new("portal")
        with server.opened(url) as (engine, world):
            members.write(engine, world, members=rows, newcomers=NEWCOMERS)
            _trust(Work(engine, world))
        async with sink() as mails, server.apart(server.portal(url, mails.port)) as portal:
            day = Day(model, portal.port, mails, rows, hurry)
            before, base, began = portal.cpu(), kind.cpu(), time.perf_counter()
            late = await _play(day, seconds)
            wall = time.perf_counter() - began
            cpu, base = portal.cpu() - before, kind.cpu() - base
    _tell(day, wall, cpu, base, late)


def _trust(work: Work) -> None:
    row = {"trusted": True, "agent": "Firefox, Linux", "created_at": work.now,
           "last_used_at": work.now, "expires_at": work.now + timedelta(days=30)}  # fmt: skip
    work.db.execute(insert(Device), [
        row | {"account_id": each, "secret_hash": hashed(_device(each))}
        for each in range(1, TRUSTED + 1)
    ])  # fmt: skip
    work.close(commit=True)


def _device(number: int) -> str:
    return f"the-secret-of-the-device-of-member-{number}"


async def _play(day: Day, seconds: float) -> float:
    """Let them come when the model says; returns by how much the latest of them was late."""
    began, late = time.perf_counter(), 0.0
    async with asyncio.TaskGroup() as visitors:
        for moment in day.model.arrivals(seconds, day.chance):
            await asyncio.sleep(max(0.0, moment - (time.perf_counter() - began)))
            late = max(late, time.perf_counter() - began - moment)
            visitors.create_task(day.visit(day.model.kind(day.chance)))
    return late


def _named(asked: str) -> str:
    """Addresses with tokens and fingerprints in them, as one."""
    if " /static/" in asked:
        return "GET a static file"
    return re.sub(r"(validation|nouveau)/.*", r"\1/…", asked).partition("?")[0]


def _tell(day: Day, wall: float, cpu: float, base: float, late: float) -> None:
    asked = {name: values for name, values in day.taken.items() if name != MAIL}
    every = [seconds for values in asked.values() for seconds in values]
    pages = [s for name, values in asked.items() if "static" not in name for s in values]
    visits = ", ".join(f"{count} {kind}" for kind, count in day.done.items())
    print(f"{len(day.faults)} errors; visits: {visits}; {len(every):,} requests in {wall:.0f} s")
    print(f"cores used: portal {cpu / wall:.2f}, PostgreSQL {base / wall:.2f}; "
          f"the driver was late by {1000 * late:.0f} ms at most")  # fmt: skip

    def row(name: str, values: list[float]) -> list[str]:
        spread = [shown(1000 * percentile(values, share)) for share in (0.5, 0.95, 0.99, 1)]
        return [name, str(len(values)), *spread]

    rows = [row(name, day.taken[name]) for name in sorted(day.taken)]
    rows += [row("all pages and forms", pages)]
    print(table(["request", "how many", "p50 ms", "p95 ms", "p99 ms", "slowest ms"], rows))
    for fault in Counter(day.faults).most_common(10):
        print(f"ERROR {fault[1]} × {fault[0]}")
