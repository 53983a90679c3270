"""The whole procedure over the wire, by a browser with a cold cache: registration, then sign-in."""

import tempfile
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import sync_playwright

from player.browsers import Watch, launch
from player.production import Production
from player.scene import Scene
from player.scripts import SCRIPTS
from player.wire import WEIGHED, Wire
from webapp.rules.procedure import REGISTRATION, SIGN_IN

MOST = 50_000  # bytes, headers with them


def weigh() -> tuple[Counter[str], int]:
    """Bytes by kind, and how many requests."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Production(Path(folder)) as production,
        sync_playwright() as playwright,
    ):
        browser = launch(playwright)
        context = Watch().open(browser, production.url, WEIGHED, scripts=True)
        page = context.new_page()
        wire, scene = Wire(page), Scene(production, page)  # type: ignore[arg-type]
        for step in (*REGISTRATION, *SIGN_IN):
            SCRIPTS[step.key](scene)
            page.wait_for_load_state("networkidle")
        answers = wire.take()
        context.close()
        browser.close()
    sizes: Counter[str] = Counter()
    for _, url, size in answers:
        path = urlsplit(url).path
        static = path.startswith("/static/")
        sizes[Path(path).suffix.lstrip(".") if static else "pages and steps"] += size
    return sizes, len(answers)
