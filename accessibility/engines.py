"""`make engines`: registration, then sign-in, in three engines: Chromium, Firefox, WebKit.

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

from playwright.sync_api import Browser, Playwright, expect, sync_playwright
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.support.ui import WebDriverWait
from selenium.webdriver.webkitgtk.options import Options
from selenium.webdriver.webkitgtk.service import Service
from selenium.webdriver.webkitgtk.webdriver import WebDriver as WebKitGTK

from accessibility.visit import PHONE
from player.browsers import launch
from player.databases import fresh_sqlite, migrated_sqlite
from player.members import ODILE
from player.screens.mailbox import CONFIRMATION, SECURITY_CODE
from player.stage import Stage
from player.walk import walk
from player.world import PASSWORD
from webapp.rules.procedure import REGISTRATION, SIGN_IN

FIREFOX = "/usr/bin/firefox-esr"
WEBKIT_DRIVER = "/usr/bin/WebKitWebDriver"
PATIENCE = 60


class MissingError(Exception):
    """The engine is not on this machine."""


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
                f"passed   {name} {version}: registration and sign-in in {spent:.0f} s", flush=True
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
        page = context.new_page()
        walk(REGISTRATION, stage, page)
        walk(SIGN_IN, stage, page)
        context.close()
    version = browser.version
    browser.close()
    return version


def webkit(stage: Stage) -> str:
    """WebKitGTK's own small browser."""
    browsers = sorted(Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser"))
    if not Path(WEBKIT_DRIVER).exists() or not browsers:
        raise MissingError(f"{WEBKIT_DRIVER} is not there (Debian's package webkit2gtk-driver)")
    if not os.environ.get("DISPLAY"):
        raise MissingError("there is no screen: xvfb-run is not there (Debian's package xvfb)")
    options = Options()
    options.binary_location = str(browsers[-1])
    options.add_argument("--automation")
    driver = WebKitGTK(options=options, service=Service(WEBKIT_DRIVER))
    try:
        with stage:
            stage.sends_letter_to(ODILE)
            _procedure(driver, stage)
        return str(driver.capabilities.get("browserVersion", ""))
    finally:
        driver.quit()


def _procedure(driver: WebDriver, stage: Stage) -> None:
    """The same steps, found by the same visible names."""
    driver.get(stage.url)
    _follow(driver, "Espace adhérents SMIE")
    _shows(driver, "Connexion à mon compte")
    _follow(driver, "Je crée mon compte")
    _shows(driver, "Inscription")
    typed = {
        "Numéro d’adhérent": ODILE.number, "Code d’accès": ODILE.access_code,
        "Email": ODILE.email, "Mot de passe": PASSWORD, "Répétez votre mot de passe": PASSWORD,
    }  # fmt: skip
    for label, words in typed.items():
        _field(driver, label).send_keys(words)
    _press(driver, "Continuer")
    _shows(driver, "Conditions générales d’utilisation")
    _field(driver, "J’accepte les conditions générales d’utilisation").click()
    _press(driver, "Continuer")
    _shows(driver, "Votre inscription est prise en compte")
    driver.get(stage.post_office.wait_for(ODILE.email, CONFIRMATION).link)
    _shows(driver, "Votre inscription est finalisée")
    _follow(driver, "Je me connecte")
    _shows(driver, "Connexion à mon compte")
    _field(driver, "Email").send_keys(ODILE.email)
    _field(driver, "Mot de passe").send_keys(PASSWORD)
    _press(driver, "Je me connecte")
    _shows(driver, "Saisissez votre code de sécurité")
    code = stage.post_office.wait_for(ODILE.email, SECURITY_CODE).security_code
    _field(driver, "Code de sécurité").send_keys(code)
    _press(driver, "Valider")
    _shows(driver, "Mon espace")


def _shows(driver: WebDriver, heading: str) -> None:
    """Its heading is there, and has the focus where a step was swapped in."""
    wanted = f'//h1[normalize-space(.)="{heading}"]'
    WebDriverWait(driver, PATIENCE).until(
        lambda found: found.find_elements(By.XPATH, wanted), f"« {heading} » did not come"
    )


def _field(driver: WebDriver, label: str):  # type: ignore[no-untyped-def]
    path = f'//label[normalize-space(translate(., "*", ""))="{label}"]'
    told = driver.find_element(By.XPATH, path)
    return driver.find_element(By.ID, told.get_attribute("for") or "")


def _follow(driver: WebDriver, words: str) -> None:
    driver.find_element(By.LINK_TEXT, words).click()


def _press(driver: WebDriver, words: str) -> None:
    driver.find_element(By.XPATH, f'//button[normalize-space(.)="{words}"]').click()


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
