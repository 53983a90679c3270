"""The pages: Lighthouse beside a hand-written floor, GOV.UK and DSFR; bytes on the wire.

.venv/bin/python -m bench pages [--runs 3] [--compare-only]
"""

import argparse
import asyncio
import shutil
from contextlib import ExitStack

from flask import Flask
from flask.testing import FlaskClient

from bench import journeys, members, server
from bench.browser import Browser
from bench.figures import in_turns, middle, shown, table, verdict
from bench.pages import designs, lighthouse, procedure
from bench.pages.lighthouse import CATEGORIES, Reading
from bench.sink import sink
from webapp import create_app

OURS = "the portal"
FLOOR_LCP, GOVUK_LCP = 0.85, 0.75  # at most, beside theirs
FIRST_LOAD, REQUESTS = 10_000, 4


def main(*arguments: str) -> None:
    """Prints the comparison, then every screen, then the whole procedure."""
    parser = argparse.ArgumentParser(prog="python -m bench pages")
    parser.add_argument("--runs", type=int, default=3, help="of the comparison")
    parser.add_argument("--compare-only", action="store_true")
    chosen = parser.parse_args(arguments)
    if shutil.which("npm"):
        lighthouse.install()
        asyncio.run(_measure(chosen.runs, every_screen=not chosen.compare_only))
    else:
        print("Lighthouse is not played: npm is missing (Debian’s packages nodejs and npm).")
    sizes, requests = procedure.weigh()
    kinds = ", ".join(f"{name} {size:,}" for name, size in sizes.most_common())
    total = sum(sizes.values())
    print(f"\nWhole procedure, cold cache: {total:,} bytes in {requests} requests ({kinds}); "
          f"at most {procedure.MOST:,}: {verdict(total, most=procedure.MOST)}")  # fmt: skip


async def _measure(runs: int, *, every_screen: bool) -> None:
    with server.databases("sqlite") as kind:
        url = kind.new("portal")
        with server.opened(url) as (engine, world):
            members.write(engine, world, members=10)
            strangers, signed_in = screens(create_app(server.settings_for(url), world, engine))
        async with sink() as mails, server.apart(server.portal(url, mails.port)) as portal:
            await asyncio.to_thread(_compare, portal.url, runs)
            if every_screen:
                browser = Browser(portal.port)
                await journeys.sign_in(browser, mails, members.member(9))
                cookie = f"session={browser.cookies['session']}"
                rows = [
                    *[(path, "") for path in strangers],
                    *[(path, cookie) for path in signed_in],
                ]
                await asyncio.to_thread(_every_screen, portal.url, rows)


def screens(app: Flask) -> tuple[list[str], list[str]]:
    """The addresses without parameters that show a page: to anybody; to a member alone."""
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    paths = sorted(rule.rule for rule in rules if not rule.arguments)
    stranger, member = app.test_client(), app.test_client()
    member.set_cookie("session", "s." + members.token(1), domain="127.0.0.1")

    def shows(client: FlaskClient, path: str) -> bool:
        answer = client.get(path, base_url=f"http://{server.HOST}")
        return bool(answer.status_code == 200 and answer.mimetype == "text/html")

    open_to_all = [path for path in paths if shows(stranger, path)]
    alone = [path for path in paths if path not in open_to_all and shows(member, path)]
    return open_to_all, alone


def _compare(portal_url: str, runs: int) -> None:
    with ExitStack() as servers:
        urls = {OURS: f"{portal_url}/connexion"} | {
            title: servers.enter_context(designs.served(design))
            for design, title in designs.TITLES.items()
        }
        readings: dict[str, list[Reading]] = {title: [] for title in urls}
        for number in range(runs):
            print(f"  Lighthouse, round {number + 1} of {runs} …", flush=True)
            for title in in_turns(number, list(urls)):
                readings[title].append(lighthouse.read(urls[title]))
    print("The sign-in page, first load, Lighthouse’s phone on slow 4G:\n")
    print(comparison(readings))
    print("\nWhat the portal’s first load asks for: " + ", ".join(readings[OURS][-1].asked))


def comparison(readings: dict[str, list[Reading]]) -> str:
    """A column a design; ours is held to the floor's and to GOV.UK's."""
    titles = list(readings)
    last = {title: runs[-1] for title, runs in readings.items()}

    def medians(name: str) -> dict[str, float]:
        return {
            title: middle([getattr(run, name) for run in runs]) for title, runs in readings.items()
        }

    lcp = medians("lcp")
    floor, govuk = (lcp[designs.TITLES[design]] for design in ("floor", "govuk"))
    ours = last[OURS]
    rows = [
        [name.upper() + (", ms" if name != "cls" else ""), *map(shown, medians(name).values()), ""]
        for name in ("fcp", "lcp", "tbt", "cls")
    ]
    rows += [
        [
            "LCP ÷ the floor’s",
            *(shown(lcp[each] / floor) for each in titles),
            f"≤ {FLOOR_LCP} {verdict(lcp[OURS] / floor, most=FLOOR_LCP)}",
        ],
        [
            "LCP ÷ GOV.UK’s",
            *(shown(lcp[each] / govuk) for each in titles),
            f"≤ {GOVUK_LCP} {verdict(lcp[OURS] / govuk, most=GOVUK_LCP)}",
        ],
        [
            "requests",
            *(str(last[each].requests) for each in titles),
            f"≤ {REQUESTS} {verdict(ours.requests, most=REQUESTS)}",
        ],
        [
            "bytes",
            *(f"{last[each].bytes:,}" for each in titles),
            f"≤ {FIRST_LOAD:,} {verdict(ours.bytes, most=FIRST_LOAD)}",
        ],
    ]
    for kind in ("HTML", "CSS", "JS", "fonts", "other"):
        rows.append([f"of it {kind}", *(f"{last[each].sizes[kind]:,}" for each in titles), ""])
    for category in CATEGORIES:
        rows.append([category, *(str(last[each].scores[category]) for each in titles), ""])
    return table(["", *titles, "held to"], rows)


def _every_screen(portal_url: str, paths: list[tuple[str, str]]) -> None:
    rows = []
    for path, cookie in paths:
        print(f"  Lighthouse, {path} …", flush=True)
        one = lighthouse.read(portal_url + path, cookie=cookie)
        scores = [str(one.scores[category]) for category in CATEGORIES]
        figures = [f"{one.lcp:.0f}", f"{one.cls:.2f}", f"{one.bytes:,}"]
        rows.append([path, *scores, *figures, " ".join(one.missed)])
    print("\nEvery screen that an address alone leads to:\n")
    print(table(["screen", *CATEGORIES, "LCP ms", "CLS", "bytes", "what costs points"], rows))
