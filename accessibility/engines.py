"""`make engines`: registration, sign-in, then a registration by the letter's QR code, in three
engines: Chromium, Firefox, WebKit.

Chromium and Firefox are driven by Playwright, WebKitGTK (the nearest to Safari that runs on Linux)
by its own driver under xvfb. An engine is skipped only when it is not on this machine and can't be
installed, and says so. Exit code 1 when an engine that is there can't play the procedure.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from accessibility.letter_traces import ADDRESSES, is_clean, said_once
from accessibility.visit import PHONE
from accessibility.webkit import TO_EMAIL, MissingError, webkit
from player.browsers import launch, wait_for_our_script
from player.databases import fresh_sqlite, migrated_sqlite
from player.heard import Heard
from player.members import LUCE, ODILE, RENE
from player.screens.registration import AboutMe, Terms
from player.screens.space import Space
from player.stage import Stage
from player.walk import walk
from webapp.rules.procedure import REGISTRATION, SIGN_IN

FIREFOX = "/usr/bin/firefox-esr"


def main() -> int:
    """Plays everywhere; returns the exit code."""
    expect.set_options(timeout=20_000)
    failed = 0
    with tempfile.TemporaryDirectory(prefix="engines-") as folder:
        template = migrated_sqlite(Path(folder) / "template.sqlite3")
        for name, play in ENGINES.items():
            home = Path(folder) / name
            home.mkdir()
            begun = time.perf_counter()
            try:
                version = play(Stage(fresh_sqlite(template, home)))
            except MissingError as missing:
                print(f"skipped  {name}: {missing}", flush=True)
                continue
            except Exception as error:
                failed += 1
                print(f"FAILED   {name}: {error}", flush=True)
                continue
            spent = time.perf_counter() - begun
            print(
                f"passed   {name} {version}: registration, sign-in, QR code in {spent:.0f} s",
                flush=True,
            )
    return 1 if failed else 0


def chromium(stage: Stage) -> str:
    """The system's."""
    with sync_playwright() as playwright:
        return _play(launch(playwright), stage)


def firefox(stage: Stage) -> str:
    """Debian's Firefox ESR, through WebDriver BiDi."""
    if not Path(FIREFOX).exists():
        raise MissingError(f"{FIREFOX} is not there (Debian's package firefox-esr)")
    with sync_playwright() as playwright:
        return _play(_open_firefox(playwright), stage)


def _open_firefox(playwright: Playwright) -> Browser:
    return playwright.firefox.launch(channel="moz-firefox", executable_path=FIREFOX, headless=True)


def _play(browser: Browser, stage: Stage) -> str:
    """The walk that the browser tests play, in this browser."""
    with stage:
        stage.sends_letter_to(ODILE)
        device = {"viewport": PHONE["viewport"]}
        context = browser.new_context(**device, base_url=stage.url, locale="fr-FR")
        context.set_default_timeout(30_000)
        wait_for_our_script(context)
        page = context.new_page()
        _keeps_the_form(page)
        walk(REGISTRATION, stage, page)
        walk(SIGN_IN, stage, page)
        Space(page).leave()
        heard = Heard.by(stage)
        stage.sends_letter_to(LUCE)
        AboutMe(page).open_by_qr(LUCE).has_taken(LUCE)
        is_clean(page.evaluate(ADDRESSES), "/inscription")
        AboutMe(page).fill_the_rest(LUCE).go_on()
        Terms(page).shows()
        page.evaluate("history.back()")
        AboutMe(page).shows().is_filled_with(LUCE)
        is_clean(page.evaluate(ADDRESSES), "/inscription")
        page.evaluate("path => { location.href = path }", RENE.qr_path)
        AboutMe(page).shows().has_taken(RENE)
        is_clean(page.evaluate(ADDRESSES), "/inscription?autre")
        said_once(heard)
        context.close()
    version = browser.version
    browser.close()
    return version


def _keeps_the_form(page: Page) -> None:
    """Back over a link of the error summary: the same page, with what was typed since."""
    screen = AboutMe(page).open()
    screen.go_on()
    page.locator(TO_EMAIL).click()
    screen.write("Email", ODILE.email)
    page.evaluate("history.back()")
    page.wait_for_timeout(1_000)
    expect(screen.field("Email")).to_have_value(ODILE.email)


ENGINES: dict[str, Callable[[Stage], str]] = {
    "Chromium": chromium, "Firefox": firefox, "WebKitGTK": webkit,
}  # fmt: skip


def under_a_screen() -> int:
    """WebKitGTK needs a screen: run again under xvfb-run where there is none."""
    if os.environ.get("DISPLAY") or not shutil.which("xvfb-run"):
        return main()
    command = [
        "xvfb-run",
        "-a",
        "-s",
        "-screen 0 1280x1024x24",
        sys.executable,
        "-m",
        __spec__.name,
    ]
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(under_a_screen())
