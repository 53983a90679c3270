"""The profiles and engines of a run."""

from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Playwright

from player.actors import Actor, cast
from player.browsers import DESKTOP, PHONE, launch, wait_for_our_script
from player.keyboard import Keyboard

PROFILES = ("phone", "desktop", "no-script", "keyboard")
ENGINES = ("chromium", "firefox")


class Keys(Actor):
    """A member who has no mouse."""

    def write(self, field: Locator, text: str) -> None:
        """Reach the field, type over what is in it."""
        keys = Keyboard(field.page)
        keys.reach(field)
        keys.page.keyboard.press("ControlOrMeta+A")
        keys.page.keyboard.type(text)

    def tick(self, box: Locator) -> None:
        """Space."""
        if not box.is_checked():
            Keyboard(box.page).press(box, "Space")

    def press(self, thing: Locator, name: str) -> None:
        """Enter."""
        Keyboard(thing.page).press(thing)


def start(playwright: Playwright, engine: str, *, headed: bool) -> Browser:
    """The engine, with windows to look at or without."""
    if engine == "firefox":
        return playwright.firefox.launch(headless=not headed)
    return launch(playwright, headed=headed)


def open_context(
    browser: Browser, url: str, profile: str, *, insecure: bool, patience: float
) -> BrowserContext:
    """A browser that has never been here, as the profile says. `patience`: seconds."""
    device: dict[str, Any] = dict(PHONE if profile in ("phone", "no-script") else DESKTOP)
    if browser.browser_type.name == "firefox":
        device.pop("is_mobile", None)
    context = browser.new_context(
        **device,
        base_url=url,
        locale="fr-FR",
        java_script_enabled=profile != "no-script",
        ignore_https_errors=insecure,
    )
    context.set_default_timeout(patience * 1_000)
    wait_for_our_script(context)
    if profile == "keyboard":
        cast(Keys(), context)
    return context
