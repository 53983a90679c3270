"""`python -m guide.desk`: plays the twelve calls at the desk and writes docs/desk.pdf.

A picture a step: the screen that it leads to. The first three steps are the same in every call, and
are shown once.
"""

import base64
import tempfile
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from guide import pdf
from guide.book import MUTUAL, environment, tokens
from guide.example import SITE, ExampleChance
from player.browsers import DESKTOP, launch, wait_for_our_script
from player.callers import rings
from player.databases import fresh_sqlite, migrated_sqlite
from player.desk import Desk
from player.scene import Scene
from player.stage import Stage
from player.walk import play
from player.world import StillClock
from webapp.rules.calls import CALLS
from webapp.rules.procedure import Procedure, Step
from webapp.rules.roles import Role
from webapp.settings import ROOT

FILE = ROOT / "docs" / "desk.pdf"
SHARED = 3  # steps that begin every call
VIEW = {"viewport": {"width": 1040, "height": 660}, "reduced_motion": "reduce"}


@dataclass(frozen=True)
class Shown:
    """A step, and the screen that it leads to: its title, its picture as a data address."""

    step: Step
    title: str
    picture: str


@dataclass(frozen=True)
class Answered:
    """A call, with the steps that are its own."""

    call: Procedure
    steps: tuple[Shown, ...]


def main() -> int:
    """Returns the exit code."""
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder, browser = Path(name), launch(playwright)
        template = migrated_sqlite(folder / "template.sqlite3")
        played = [_played(each, browser, template, folder) for each in CALLS]
        start = played[0].steps[:SHARED]
        own = [Answered(each.call, each.steps[SHARED:]) for each in played]
        page = environment().get_template("desk.html")
        html = page.render(start=start, calls=own, brand=MUTUAL, tokens=tokens(MUTUAL))
        (folder / "desk.html").write_text(html)
        _print(browser, folder / "desk.html")
        browser.close()
    print(f"{len(own)} calls, {FILE.stat().st_size / 1000:.0f} kB: {FILE}")
    return 0


def _played(call: Procedure, browser: Browser, template: Path, folder: Path) -> Answered:
    place = Path(tempfile.mkdtemp(dir=folder))
    engine = fresh_sqlite(template, place)
    with (
        Stage(engine, "localhost", clock=StillClock(), chance=ExampleChance(), site=SITE) as stage,
        Desk(stage) as desk,
    ):
        letter = rings(stage, call.key)
        context = browser.new_context(**DESKTOP | VIEW, base_url=desk.url, locale="fr-FR")
        wait_for_our_script(context)
        context.set_default_timeout(10_000)
        desk.lets_in(context, Role.ADVISER, "a.petit")
        scene = Scene(stage, context.new_page(), letter, desk=desk.url)
        shown = tuple(_shown(step, scene) for step in call)
        context.close()
    engine.dispose()
    return Answered(call, shown)


def _shown(step: Step, scene: Scene) -> Shown:
    play(step, scene)
    title = scene.page.get_by_role("heading", level=1).inner_text()
    return Shown(step, title, _picture(scene.page))


def _picture(page: Page) -> str:
    page.evaluate("() => scrollTo(0, 0)")
    picture = page.screenshot(type="jpeg", quality=70, animations="disabled")
    return f"data:image/jpeg;base64,{base64.b64encode(picture).decode()}"


def _print(browser: Browser, html: Path) -> None:
    page = browser.new_page(locale="fr-FR")
    page.goto(html.as_uri())
    pdf.write(page, FILE, author=MUTUAL.full, called="Le guichet, pas à pas")
    page.close()


if __name__ == "__main__":
    raise SystemExit(main())
