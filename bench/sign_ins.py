"""Two hundred members sign in at once: no error, and how long beside bare argon2 checks."""

import asyncio
import sys
import time

from bench import figures, journeys, members, server
from bench.browser import Browser, Lost
from bench.peers.rounds import argon2_seconds
from bench.sink import NoMail, Sink, sink

MEMBERS = 200


def main() -> None:
    """Prints errors, seconds, and the ratio to the argon2 checks alone."""
    asyncio.run(_measure())


async def _measure() -> None:
    with server.databases("sqlite") as kind:
        url = kind.new("portal")
        with server.opened(url) as (engine, world):
            members.write(engine, world, members=MEMBERS)
        async with sink() as mails, server.apart(server.portal(url, mails.port)) as portal:
            began = time.perf_counter()
            waits = await asyncio.gather(
                *(_sign_in(portal.port, mails, each + 1) for each in range(MEMBERS))
            )
            seconds = time.perf_counter() - began
    times = [each for each in waits if each is not None]
    alone = MEMBERS * argon2_seconds(sys.executable)
    print(f"{MEMBERS} sign-ins at once: {MEMBERS - len(times)} errors, {seconds:.1f} s in all,")
    print(f"  median {figures.middle(times):.2f} s, slowest {max(times):.2f} s,")
    print(f"  {seconds / (alone / 2):.2f} x the same argon2 checks alone on two cores")


async def _sign_in(port: int, mails: Sink, number: int) -> float | None:
    """Seconds from the first page to the space; None when anything was not as it should be."""
    began = time.perf_counter()
    try:
        await journeys.sign_in(Browser(port), mails, members.member(number))
    except (Lost, NoMail):
        return None
    return time.perf_counter() - began
