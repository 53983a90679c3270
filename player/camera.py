"""The camera: a picture of the whole page after each step, into the folder PICTURES names."""

import itertools
import os
from pathlib import Path

from playwright.sync_api import Page

from player.walk import Witness
from webapp.rules.procedure import Step


def cameras(name: str) -> list[Witness]:
    """One camera that writes « name-01-site.png » and so on; none when nobody wants pictures."""
    if not (folder := os.environ.get("PICTURES")):
        return []
    numbers = itertools.count(1)

    def shoot(step: Step, page: Page) -> None:
        picture(page, Path(folder) / f"{name}-{next(numbers):02d}-{step.key}.png")

    return [shoot]


def picture(page: Page, path: Path) -> None:
    """The whole page, as it is: Playwright adds no style of its own, which our policy forbids."""
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=path, full_page=True, caret="initial", animations="allow")
