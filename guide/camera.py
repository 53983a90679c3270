"""The camera: pictures of the screens just before they are pressed, and where their marks stand."""

import html
import math
import re
from dataclasses import dataclass, replace

from playwright.sync_api import FloatRect, Locator, Page, ViewportSize

from guide.example import Example
from player.actors import Actor
from player.mailed_codes import alone
from player.post_office import Mail
from player.screens.screen import spaced
from webapp.rules.procedure import Mark, Step

BELOW = 28  # CSS pixels that are shown below the last mark
# CSS pixels that a sheet of paper holds, on a phone's screen and a computer's; of a longer page,
# what is shown above its marks
TALLEST, ABOVE = {"telephone": 1080, "ordinateur": 1200}, 400
# What of a thing can be seen: of a text its letters, not the line that it has for itself; of a
# checkbox its words too, of a password the button beside it. Last: whether nothing stands at its
# right, where a line will be drawn.
_PLACE = """(thing, tight) => {
  thing.scrollIntoView({block: 'center', behavior: 'instant'});
  const range = document.createRange();
  range.selectNodeContents(thing);
  if (thing.type === 'checkbox') {
    range.selectNodeContents(thing.labels[0]);
    range.setStartBefore(thing);
  }
  const secret = thing.type === 'password' ? thing.parentElement : thing;
  const box = (tight || thing.type === 'checkbox' ? range : secret).getBoundingClientRect();
  const middle = box.top + box.height / 2;
  const written = (at, element) => [...element.childNodes].some((node) => {
    range.selectNodeContents(node);
    return node.nodeType === Node.TEXT_NODE && node.data.trim() && [...range.getClientRects()].some(
      (line) => line.left <= at && at <= line.right && line.top <= middle && middle <= line.bottom);
  });
  let clear = true;
  for (let at = box.right + 6; at < innerWidth; at += 6) {
    const element = document.elementFromPoint(at, middle);
    if (element && (element.matches('a,button,input') || written(at, element))) clear = false;
  }
  return [box.left + scrollX, box.top + scrollY, box.width, box.height, clear];
}"""
_HEADERS = """<div style="max-width:608px;margin:0 auto 20px;font:15px/1.6 system-ui,sans-serif">
<b>De :</b> {sender}<br><b>À :</b> {to}<br><b>Objet :</b> {subject}</div>"""


@dataclass(frozen=True)
class Spot:
    """A mark with its number, and where it stands in the picture (CSS pixels)."""

    number: int
    mark: Mark
    left: float
    top: float
    width: float
    height: float
    clear: bool  # nothing stands at its right


@dataclass(frozen=True)
class Figure:
    """A picture of a screen or a mail as one device shows it."""

    step: str
    device: str
    title: str
    png: bytes
    width: float
    height: float
    spots: tuple[Spot, ...]


class Camera(Actor):
    """An actor who takes a picture of each screen before it presses something there."""

    def __init__(self, device: str, scene: Example):
        self._device, self._scene = device, scene
        self._step: Step | None = None
        self._figures: list[Figure] = []
        self._mail: Mail | None = None
        self._next = 0

    def begin(self, step: Step | None) -> None:
        """From now on this step is played; None: nothing is to be pictured."""
        self._step, self._figures, self._next = step, [], 0
        self._mail = self._scene.received
        self._scene.leaves = self._before_a_mail if step else lambda: None

    def end(self) -> list[Figure]:
        """The figures of the step. Every mark must have found its thing."""
        assert self._step
        self._picture_mail()
        if not self._figures:
            self._shoot(self._scene.page)
        missing = self._step.call_outs[self._next :]
        assert not missing, f"{self._step.key} ({self._device}): not on its screens: {missing}"
        return self._figures

    def press(self, thing: Locator, name: str) -> None:
        """First the picture, where the step has marks there."""
        if self._step:
            self._picture_mail()
            self._shoot(thing.page, pressed=name)
        super().press(thing, name)

    def _before_a_mail(self) -> None:
        """The screen that the member leaves for the mailbox, where the step has marks there."""
        self._picture_mail()
        self._shoot(self._scene.page)

    def _picture_mail(self) -> None:
        """A mail that was opened since the last picture comes first."""
        mail = self._scene.received
        if mail is None or mail is self._mail:
            return
        self._mail = mail
        page = self._scene.page.context.new_page()
        page.set_content(_as_received(mail))
        self._shoot(page, whole=True)
        page.close()

    def _shoot(self, page: Page, pressed: str = "", *, whole: bool = False) -> None:
        assert self._step
        spots = self._spots(page, pressed)
        if not spots:
            return
        self._next += len(spots)
        page.evaluate("document.activeElement.blur()")
        page.mouse.move(0, 0)
        page.evaluate("scrollTo(0, 0)")
        view = _viewport(page)
        top, bottom = self._part(page, spots, whole=whole)
        spots = [replace(spot, top=spot.top - top) for spot in spots]
        width, height = view["width"], bottom - top
        clip: FloatRect = {"x": 0, "y": top, "width": width, "height": height}
        png = page.screenshot(full_page=True, clip=clip, caret="initial", animations="allow")
        title = page.title().split(" – SMIE")[0]
        self._figures.append(
            Figure(self._step.key, self._device, title, png, width, height, tuple(spots))
        )

    def _part(self, page: Page, spots: list[Spot], *, whole: bool) -> tuple[int, int]:
        """From where to where the page is shown: all of a mail, of a screen what has marks."""
        if whole:
            return 0, math.ceil(page.evaluate("document.body.getBoundingClientRect().bottom"))
        marked = max(spot.top + spot.height + BELOW for spot in spots)
        tallest = TALLEST[self._device]
        if marked > tallest:
            first = min(spot.top for spot in spots)
            return round(max(first - ABOVE, min(marked - tallest, first - BELOW))), round(marked)
        height = page.evaluate("document.documentElement.scrollHeight")
        return 0, round(min(height, max(marked, _viewport(page)["height"])))

    def _spots(self, page: Page, pressed: str) -> list[Spot]:
        """The next marks, as long as they are on this page, up to what is pressed now."""
        assert self._step
        marks, spots = self._step.call_outs, []
        for at in range(self._next, len(marks)):
            thing = find(page, marks[at]).filter(visible=True).first
            if not thing.count():
                break
            tight = marks[at].kind in ("text", "code")
            spots.append(Spot(at + 1, marks[at], *thing.evaluate(_PLACE, tight)))
            if pressed and marks[at].kind == "press" and marks[at].target == pressed:
                break
        return spots


def find(page: Page, mark: Mark) -> Locator:
    """The thing that a mark names, as people would find it."""
    name = mark.target
    if mark.kind == "field":
        return page.get_by_label(re.compile(f"^{spaced(name)}( \\*)?$"))
    if mark.kind == "press":
        whole = re.compile(f"^{re.escape(name)}$")
        first = re.compile(f"^{re.escape(name)}")  # of several that are told apart by what follows
        for said in (whole, first):
            found = page.get_by_role("button", name=said).or_(page.get_by_role("link", name=said))
            if found.count():
                break
        return found
    if mark.kind == "picture":
        return page.get_by_role("img", name=name)
    if mark.kind == "code":
        return page.get_by_text(alone(int(name)))
    return page.get_by_text(name)


def _as_received(mail: Mail) -> str:
    """The HTML part below the headers that mail programs show."""
    told = {name: html.escape(getattr(mail, name)) for name in ("sender", "to", "subject")}
    return mail.html.replace("<body>", "<body>" + _HEADERS.format(**told), 1)


def _viewport(page: Page) -> ViewportSize:
    size = page.viewport_size
    assert size, "the guide's windows have a size"
    return size
