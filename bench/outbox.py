"""The outbox with 100,000 mails waiting: how many leave a second, and when a code does.

    .venv/bin/python -m bench outbox [--mails 100000] [--seconds 10] [--only sqlite|postgresql]

The portal is served as documented (two processes, each with its sender); the sink answers at once.
"""

import argparse
import asyncio
import itertools
import json
import time
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import insert

from bench import journeys, members, server
from bench.browser import Browser
from bench.figures import middle, percentile, shown, table
from bench.sink import Sink, sink
from webapp.models import OutboxMail
from webapp.services.kernel.work import Work
from webapp.services.mail import claims

MAILS, SECONDS, CODES = 100_000, 10.0, 20
LEAST = 500  # mails a second
_AT_A_TIME = 5_000


def main(*arguments: str) -> None:
    """Prints a line a database."""
    parser = argparse.ArgumentParser(prog="python -m bench outbox")
    parser.add_argument("--mails", type=int, default=MAILS)
    parser.add_argument("--seconds", type=float, default=SECONDS, help="how long they are counted")
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    chosen = parser.parse_args(arguments)
    rows = [
        asyncio.run(_measure(name, chosen.mails, chosen.seconds))
        for name in ([chosen.only] if chosen.only else ["sqlite", "postgresql"])
    ]
    head = [
        "", f"mails a second (≥ {LEAST})", "CPU ms a mail", "code: p50 ms", "slowest ms",
        "mails before it, at most", "codes that came",
    ]  # fmt: skip
    print(table(head, rows))


async def _measure(name: str, waiting: int, seconds: float) -> list[str]:
    with server.databases(name) as kind:
        url = kind.new("portal")
        with server.opened(url) as (engine, world):
            members.write(engine, world, members=1_000)
            fill(Work(engine, world), waiting)
        async with (
            sink(keeping=False) as mails,
            server.apart(server.portal(url, mails.port)) as portal,
        ):
            while not mails.received:
                await asyncio.sleep(0.01)
            rate, cpu = await _rate(mails, seconds, lambda: portal.cpu() + kind.cpu())
            waits, overtaken = await _codes(portal.port, mails)
            still = waiting - mails.received
            assert still > 0, "none was waiting any more: ask for more --mails"
    return [
        f"{name}, {waiting:,} waiting", shown(rate), shown(1000 * cpu), shown(1000 * middle(waits)),
        shown(1000 * percentile(waits, 1)), str(max(overtaken)), f"{len(waits)} of {CODES}",
    ]  # fmt: skip


def fill(work: Work, count: int) -> None:
    """That many mails of the second priority, each sealed as the portal seals it."""
    mail = work.world.mails.write("password_changed", work.now)
    numbers = range(1, count + 1)

    def row(number: int) -> dict[str, object]:
        row_id, to = f"{number:032x}", members.member(number)
        content = {"to": to, "subject": mail.subject, "text": mail.text, "html": mail.html}
        return {
            "id": row_id, "name": "password_changed", "priority": claims.SECOND, "state": "ready",
            "sealed": work.world.seals.lock(row_id, json.dumps(content).encode()),
            "not_before": work.now - timedelta(minutes=1), "attempts": 0, "last_error": "",
            "best_before": work.now + timedelta(days=1), "created_at": work.now,
        }  # fmt: skip

    rows = map(row, numbers)
    while chunk := list(itertools.islice(rows, _AT_A_TIME)):
        work.db.execute(insert(OutboxMail), chunk)
    work.close(commit=True)


async def _rate(mails: Sink, seconds: float, spent: Callable[[], float]) -> tuple[float, float]:
    """Mails a second while nobody else asks for anything, CPU seconds a mail."""
    await asyncio.sleep(1)
    began, before, cpu = time.perf_counter(), mails.received, spent()
    await asyncio.sleep(seconds)
    came = mails.received - before
    return came / (time.perf_counter() - began), (spent() - cpu) / max(came, 1)


async def _codes(port: int, mails: Sink) -> tuple[list[float], list[int]]:
    """Sign-ins, one after the other: seconds from the answer to the password until the code is
    with the relay, and how many mails were handed over in between."""
    waits, overtaken = [], []
    for number in range(1, CODES + 1):
        browser, email = Browser(port), members.member(number)
        page = await browser.get("/connexion")
        fields = {"email": email, "password": members.PASSWORD}
        coming = asyncio.ensure_future(mails.mail(email))
        page = await browser.submit(page, fields)
        began, before = time.perf_counter(), mails.received
        mail = await coming
        waits.append(time.perf_counter() - began)
        overtaken.append(mails.received - before)
        await journeys.give_code(browser, page, mail.code, email)
        browser.close()
    return waits, overtaken
