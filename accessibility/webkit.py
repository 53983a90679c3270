"""The procedure in WebKitGTK's own small browser, which speaks WebDriver alone."""

import os
import time
from pathlib import Path

from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.support.ui import WebDriverWait
from selenium.webdriver.webkitgtk.options import Options
from selenium.webdriver.webkitgtk.service import Service
from selenium.webdriver.webkitgtk.webdriver import WebDriver as WebKitGTK

from accessibility.letter_traces import ADDRESSES, is_clean, said_once
from player.heard import Heard
from player.members import LUCE, ODILE, RENE
from player.screens.mailbox import CONFIRMATION, SECURITY_CODE
from player.stage import Stage
from player.world import PASSWORD
from webapp.rules.credentials import grouped

WEBKIT_DRIVER = "/usr/bin/WebKitWebDriver"
PATIENCE = 60
TO_EMAIL = '#errors a[href="#email"]'  # the error summary's link to the field


class MissingError(Exception):
    """The engine is not on this machine."""


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
            _keeps_the_form(driver, stage)
            _procedure(driver, stage)
            _by_qr(driver, stage)
        return str(driver.capabilities.get("browserVersion", ""))
    finally:
        driver.quit()


def _keeps_the_form(driver: WebDriver, stage: Stage) -> None:
    """Back over a link of the error summary: the same page, with what was typed since."""
    driver.get(stage.url + "/inscription")
    _press(driver, "Continuer")
    WebDriverWait(driver, PATIENCE).until(
        lambda found: found.find_elements(By.CSS_SELECTOR, TO_EMAIL), "no error summary"
    )
    driver.find_element(By.CSS_SELECTOR, TO_EMAIL).click()
    driver.execute_script("window.alive = true")
    driver.back()
    time.sleep(1)
    assert driver.execute_script("return window.alive"), "Back asked for the page again"


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


def _by_qr(driver: WebDriver, stage: Stage) -> None:
    """The next person's letter, read on the same device."""
    _press(driver, "Me déconnecter")
    _shows(driver, "Connexion à mon compte")
    heard = Heard.by(stage)
    stage.sends_letter_to(LUCE)
    driver.get(stage.url + LUCE.qr_path)
    _is_filled_in(driver, LUCE.number, grouped(LUCE.access_code))
    is_clean(_evaluated(driver, ADDRESSES), "/inscription")
    for label in ("Mot de passe", "Répétez votre mot de passe"):
        _field(driver, label).send_keys(PASSWORD)
    _field(driver, "Email").send_keys(LUCE.email)
    _press(driver, "Continuer")
    _shows(driver, "Conditions générales d’utilisation")
    driver.back()
    _is_filled_in(driver, LUCE.number, "")
    is_clean(_evaluated(driver, ADDRESSES), "/inscription")
    driver.execute_script("location.href = arguments[0]", RENE.qr_path)
    _is_filled_in(driver, RENE.number, grouped(RENE.access_code))
    is_clean(_evaluated(driver, ADDRESSES), "/inscription?autre")
    said_once(heard)


def _is_filled_in(driver: WebDriver, number: str, code: str) -> None:
    _shows(driver, "Inscription")
    wanted = {"Numéro d’adhérent": number, "Code d’accès": code}
    WebDriverWait(driver, PATIENCE).until(
        lambda found: all(_field(found, k).get_attribute("value") == v for k, v in wanted.items()),
        f"not filled in: {wanted}",
    )


def _evaluated(driver: WebDriver, script: str) -> list[str]:
    found: list[str] = driver.execute_async_script(f"{script}.then(arguments[0])")
    return found


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
