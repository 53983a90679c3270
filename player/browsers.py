"""Devices, and what no page may ever do in one."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    BrowserType,
    ConsoleMessage,
    Playwright,
    Request,
)

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--in-process-gpu",  # a third less work for the machine
    "--disable-background-networking",
    "--no-first-run",
]
PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 740},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}

# Chromium tells a refused rule of the page's policy in the console too; this names it for sure.
_TELL_VIOLATIONS = """
document.addEventListener('securitypolicyviolation', (event) =>
  console.error('policy: ' + event.violatedDirective + ' ' + event.blockedURI));
"""

# A page that arrives fetches our script once it is painted (static/js/arrival.js), and is loaded
# before that. Whoever plays it waits for « load », as for a page that names its script: a frame
# that is being written holds it back until the script is there.
_LOADED_WITH_ITS_SCRIPT = """
document.addEventListener('DOMContentLoaded', () => {
  const named = document.querySelector('script[data-src]');
  if (!named) return;
  const held = document.createElement('iframe');
  const let_go = ({ target }) => {
    if (!target.src || !target.src.endsWith(named.dataset.src)) return;
    held.contentDocument.close();
    held.remove();
  };
  document.addEventListener('load', let_go, true);
  document.addEventListener('error', let_go, true);
  document.documentElement.append(held);
  held.contentDocument.open();
});
"""


# The second is the first without the program around the page: the same engine, and less than half
# of the work for the machine. It has no window to show.
_CHROMIUM, _WITHOUT_A_WINDOW = "/usr/bin/chromium", "/usr/bin/chromium-headless-shell"


def launch(
    playwright: Playwright, arguments: Sequence[str] = ARGUMENTS, *, headed: bool = False
) -> Browser:
    """CHROMIUM's, or the system's Chromium, when there is one; else Playwright's own."""
    ours = [_CHROMIUM] if headed else [_WITHOUT_A_WINDOW, _CHROMIUM]
    return playwright.chromium.launch(
        executable_path=_first_of(ours), args=list(arguments), headless=not headed
    )


def launch_remembering(chromium: BrowserType) -> Browser:
    """One that keeps pages alive for Back (back/forward cache), as members' do: Playwright starts
    every other without it."""
    return chromium.launch(
        executable_path=_first_of([_CHROMIUM]),
        args=ARGUMENTS,
        ignore_default_args=["--disable-back-forward-cache"],
    )


def wait_for_our_script(context: BrowserContext) -> None:
    """Have each page of this browser count as loaded once our script is there too."""
    context.add_init_script(_LOADED_WITH_ITS_SCRIPT)


def _first_of(paths: list[str]) -> str | None:
    paths = [os.environ.get("CHROMIUM", ""), *paths]
    return next((each for each in paths if each and Path(each).exists()), None)


class Watch:
    """Notes what a member's browser must never have to say. `excused`: parts of what it may."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self.excused: set[str] = set()

    def open(
        self, browser: Browser, url: str, device: dict[str, Any], *, scripts: bool
    ) -> BrowserContext:
        """A browser of its own (cookies, storage) on this device, watched."""
        context = browser.new_context(
            **device, base_url=url, locale="fr-FR", java_script_enabled=scripts
        )
        context.on("weberror", lambda error: self.faults.append(f"script: {error.error}"))
        context.on("console", self._console)
        context.on("request", self._request)
        if scripts:
            context.add_init_script(_TELL_VIOLATIONS)
            wait_for_our_script(context)
        return context

    def verdict(self) -> list[str]:
        """The faults that nothing excuses."""
        return [f for f in self.faults if not any(part in f for part in self.excused)]

    def _console(self, message: ConsoleMessage) -> None:
        answered = "the server responded with a status of 4" in message.text
        if message.type in ("error", "warning") and not answered:
            self.faults.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        if urlsplit(request.url).hostname not in ("127.0.0.1", "localhost"):
            self.faults.append(f"left this machine: {request.url}")
