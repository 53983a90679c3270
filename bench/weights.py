"""What goes over the wire, compressed: the sign-in page, each step's partial, our own files."""

import asyncio
import re

import brotli

from bench import journeys, members, server
from bench.browser import HTMX, Browser, Page
from bench.sink import Sink, sink


def main() -> None:
    """Prints bytes of bodies; headers are counted by `python -m bench pages`."""
    asyncio.run(_measure())


async def _measure() -> None:
    with server.databases("sqlite") as kind:
        url = kind.new("portal")
        with server.opened(url) as (engine, world):
            members.write(engine, world, members=10, newcomers=10)
        async with sink() as mails:
            with server.portal(url, mails.port) as portal:
                await first_load(portal.port)
                await steps(portal.port, mails)


async def first_load(port: int) -> None:
    """The page, then each file that it names, as gzip and as Brotli."""
    browser = Browser(port)
    page = await browser.get("/connexion")
    print("First load of the sign-in page, bytes of body (gzip, Brotli):")
    packed, brotlied = [len(page.body)], [len(page.body)]
    print(f"  {len(page.body):6d} {len(brotli.compress(page.text.encode())):6d}  /connexion")
    for path in dict.fromkeys(re.findall(r'(?:src|href)="(/static/[^"]+)"', page.text)):
        sizes = []
        for encoding in ("gzip", "br"):
            answer = await browser.request("GET", path, None, {"Accept-Encoding": encoding})
            sizes.append(len(answer.body))
        packed.append(sizes[0])
        brotlied.append(sizes[1])
        name = re.sub(r"/static/[0-9a-f]+/", "", path)
        print(f"  {sizes[0]:6d} {sizes[1]:6d}  {name}")
    print(f"  {sum(packed):6d} {sum(brotlied):6d}  in {len(packed)} requests")


async def steps(port: int, mails: Sink) -> None:
    """Each step's answer to HTMX."""
    print("Each step's partial, bytes of body, gzip:")
    browser, email = Browser(port, htmx=True), members.member(1)
    page = await journeys.give_password(browser, email)
    _tell("password", page)
    code = await mails.code(email)
    _tell("security code", await journeys.give_code(browser, page, code, email))
    browser = Browser(port, htmx=True)
    page = await browser.get("/inscription")
    action, held = page.form("number")
    _tell("refused form", await browser.request("POST", action, held, HTMX))


def _tell(name: str, page: Page) -> None:
    print(f"  {len(page.body):6d}  {name} ({page.status})")
