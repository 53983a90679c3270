"""What checkers and checks are given: the page in its state, and the means to look at it closely."""

import base64
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import FloatRect, Page, ViewportSize

from accessibility.finding import Facts
from accessibility.states import State

PHONE_SIZE: ViewportSize = {"width": 360, "height": 740}
TALLEST = 4_000


@dataclass
class InspectedPage:
    """One state in one browser. `facts` is what checks/facts.js tells of the page."""

    state: State
    page: Page
    pixels: "Pixels"
    folder: Path
    facts: Facts = field(default_factory=dict)
    _injected: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.cdp = self.page.context.new_cdp_session(self.page)

    @property
    def is_mail(self) -> bool:
        """A mail's HTML body, which no page of ours surrounds."""
        return self.state.kind == "mail"

    def inject(self, key: str, source: str) -> None:
        """Run a script in the page once, whatever its policy."""
        if key not in self._injected:
            self.run(source)
            self._injected.add(key)

    def run(self, source: str) -> Any:
        """Evaluate as the developer's console would."""
        answer = self.cdp.send("Runtime.evaluate", {"expression": source, "returnByValue": True})
        if "exceptionDetails" in answer:
            raise RuntimeError(str(answer["exceptionDetails"])[:500])
        return answer["result"].get("value")

    def picture(self, kind: str, *, full: bool = True) -> str:
        """A picture of the page (its first 4,000 pixels); returns its file's name."""
        name = f"{self.state.name}-{kind}.png"
        size = self.page.viewport_size or PHONE_SIZE
        tall = self.run("document.documentElement.scrollHeight") if full else size["height"]
        clip: FloatRect = {"x": 0, "y": 0, "width": size["width"], "height": min(tall, TALLEST)}
        self.page.screenshot(
            path=self.folder / name, clip=clip, full_page=full,
            caret="initial", animations="allow",
        )  # fmt: skip
        return name

    def clip(self, box: dict[str, float]) -> bytes:
        """A part of what the window shows, one pixel a CSS pixel. Asked of the browser itself, since
        a state takes a hundred of them: Playwright's own prepares the page for each."""
        seen = self.cdp.send("Page.getLayoutMetrics")["cssVisualViewport"]
        part = box | {"x": box["x"] + seen["pageX"], "y": box["y"] + seen["pageY"], "scale": 1}
        wish = {"format": "png", "optimizeForSpeed": True, "captureBeyondViewport": False}
        return base64.b64decode(
            self.cdp.send("Page.captureScreenshot", {**wish, "clip": part})["data"]
        )

    def resize(self, width: int, height: int) -> None:
        """Another window, or the same with another zoom."""
        self.page.set_viewport_size({"width": width, "height": height})

    def themed(self, theme: str) -> None:
        """« clair » or « sombre »."""
        self.page.emulate_media(color_scheme="dark" if theme == "sombre" else "light")
        self.page.evaluate(
            "Promise.allSettled(document.getAnimations().map((each) => each.finished))"
        )


class Pixels:
    """Compares pictures, on a page of its own."""

    def __init__(self, page: Page):
        self._page = page
        script = Path(__file__).parent / "checks" / "pixels.js"
        page.evaluate(script.read_text(encoding="utf-8"))

    def changed(self, before: bytes, after: bytes, place: dict[str, float]) -> dict[str, float]:
        """Of the second picture, beside this place of the first: `pixels` that differ, `strong`
        those whose contrast is 3:1 or more, `best` contrast."""
        told: dict[str, float] = self._page.evaluate(
            "([a, b, place]) => pixels.changed(a, b, place)", [_url(before), _url(after), place]
        )
        return told

    def edges(self, picture: bytes, margin: int) -> list[float]:
        """Contrast of a control with what surrounds it, on its four sides."""
        told: list[float] = self._page.evaluate(
            "([a, margin]) => pixels.edges(a, margin)", [_url(picture), margin]
        )
        return told


def _url(picture: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(picture).decode()
