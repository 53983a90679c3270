"""The keyboard: Tab goes everywhere, in the order of the page, visibly, and comes out again."""

import math
from collections import defaultdict

from accessibility.finding import Facts, Finding
from accessibility.inspected_page import PHONE_SIZE, InspectedPage

TOOL = "clavier"
MOST = 80  # no page has as many stops
AROUND = 10  # pixels around a control in which its focus may show

_START = """(() => {
  document.body.tabIndex = -1; // from here the next Tab goes to the first stop
  document.body.focus();
  document.body.removeAttribute('tabindex');
  window.scrollTo(0, 0);
  window.__stops = [...document.querySelectorAll('a[href],button,input:not([type=hidden]),select,textarea,summary,[tabindex]')]
    .filter((each) => each.tabIndex >= 0 && !each.disabled && each.checkVisibility({ visibilityProperty: true }) && !each.closest('[inert]'));
  return window.__stops.length;
})()"""
_HERE = """(() => {
  const each = document.activeElement;
  if (!each || each === document.body) return null;
  const { x, y, width, height } = each.getBoundingClientRect();
  const points = [[x + width / 2, y + height / 2], [x + 4, y + height / 2], [x + width - 4, y + height / 2]];
  const free = points.some(([px, py]) => {
    const top = document.elementFromPoint(px, py);
    return top && (each === top || each.contains(top) || top.contains(each));
  });
  return { at: window.__stops.indexOf(each), tag: each.tagName.toLowerCase(), name: (each.innerText || each.getAttribute('aria-label') || (each.labels && each.labels[0] && each.labels[0].innerText) || '').replace(/\\s+/g, ' ').trim().slice(0, 40),
    x, y, width, height, free, visible: each.matches(':focus-visible'), url: location.href, top: scrollY, inside: within(each) };
  function within(place) { // of what scrolls in the page
    for (let at = place.parentElement; at && at !== document.body; at = at.parentElement) if (at.scrollHeight > at.clientHeight + 1 && getComputedStyle(at).overflowY !== 'visible') return true;
    return false;
  }
})()"""
_BLUR = "window.__here = document.activeElement; window.__here.blur(); 0"
_BACK = "window.__here.focus({ preventScroll: true }); 0"
_AT = "document.activeElement.blur(); window.scrollTo({ top: %s, behavior: 'instant' }); 0"
_WINDOW = {"x": 0.0, "y": 0.0, "width": PHONE_SIZE["width"], "height": PHONE_SIZE["height"]}

Pictured = tuple[str, Facts, dict[str, float], bytes]  # a stop: name, facts, place, picture


def look(inspected: InspectedPage, theme: str = "clair") -> list[Finding]:
    """One walk through the page with Tab."""
    inspected.resize(**PHONE_SIZE)
    expected: int = inspected.run(_START)
    seen: list[int] = []
    found: list[Finding] = []
    pictured: dict[float, list[Pictured]] = defaultdict(list)
    address = inspected.page.url
    for _ in range(min(expected + 2, MOST)):
        inspected.page.keyboard.press("Tab")
        here = inspected.run(_HERE)
        if here is None:
            break  # out of the page, into the browser's own bar
        if here["at"] in seen:
            break  # round again
        seen.append(here["at"])
        name = f"{here['tag']} « {here['name']} » ({theme})"
        found += _judge(here, name, address)
        box = _clip(here)
        if box and here["inside"]:
            found += _shows(
                inspected, (name, here, box, inspected.clip(box)), *_blurred(inspected, box)
            )
        elif box:
            pictured[here["top"]].append((name, here, box, inspected.clip(box)))
    found += _all_show(inspected, pictured)
    if theme == "clair":
        found += _order(seen, expected, inspected)
        found += _backwards(inspected, expected)
    inspected.run("document.activeElement.blur(); window.scrollTo(0, 0); 0")
    return found


def _fault(rule: str, what: str, *criteria: str) -> Finding:
    return Finding(TOOL, rule, what, "", criteria)


def _judge(here: Facts, name: str, address: str) -> list[Finding]:
    found = []
    if here["url"].split("#")[0] != address.split("#", maxsplit=1)[0]:
        found.append(_fault("focus", f"{name} : le focus seul change de page", "7.4"))
    if not here["visible"]:
        found.append(_fault("focus visible", f"{name} n’a pas :focus-visible", "10.7"))
    if not here["free"]:
        found.append(_fault("focus caché", f"{name} est couvert ou hors de l’écran", "10.7"))
    return found


def _all_show(inspected: InspectedPage, pictured: dict[float, list[Pictured]]) -> list[Finding]:
    """Each stop beside the same place without focus: one picture of the window for all that were
    reached at one height of the page, which costs half of a picture a stop."""
    found = []
    for top, stops in pictured.items():
        inspected.run(_AT % top)
        plain = inspected.clip(_WINDOW)
        for stop in stops:
            found += _shows(inspected, stop, plain, stop[2])
    return found


def _blurred(inspected: InspectedPage, box: dict[str, float]) -> tuple[bytes, dict[str, float]]:
    """This place without focus, at once: another stop scrolls what it stands in."""
    inspected.run(_BLUR)
    plain = inspected.clip(box)
    inspected.run(_BACK)
    return plain, {**box, "x": 0, "y": 0}


def _shows(
    inspected: InspectedPage, stop: Pictured, plain: bytes, place: dict[str, float]
) -> list[Finding]:
    """`place`: where the stop is in the picture without focus."""
    name, here, box, focused = stop
    told = inspected.pixels.changed(plain, focused, place)
    around = 2 * (min(here["width"], box["width"]) + min(here["height"], box["height"]))
    if told["strong"] >= around:
        return []
    what = f"{name} : {told['strong']:.0f} pixels à 3:1, il en faut {around:.0f} (meilleur contraste {told['best']:.1f})"
    return [_fault("focus visible", what, "10.7", "3.3")]


def _clip(here: Facts) -> dict[str, float] | None:
    left, top = max(math.floor(here["x"]) - AROUND, 0), max(math.floor(here["y"]) - AROUND, 0)
    right = min(math.ceil(here["x"] + here["width"]) + AROUND, PHONE_SIZE["width"])
    bottom = min(math.ceil(here["y"] + here["height"]) + AROUND, PHONE_SIZE["height"])
    if right - left < 4 or bottom - top < 4:
        return None
    return {"x": left, "y": top, "width": right - left, "height": bottom - top}


def _order(seen: list[int], expected: int, inspected: InspectedPage) -> list[Finding]:
    found = []
    order = [each for each in seen if each >= 0]
    if order != sorted(order):
        found.append(_fault("ordre", f"Tab ne suit pas la page : {order}", "12.8"))
    if missed := set(range(expected)) - set(order):
        names = inspected.run(
            f"{sorted(missed)}.map((at) => window.__stops[at].outerHTML.slice(0, 80)).join(' | ')"
        )
        found.append(_fault("atteignable", f"Tab ne va pas à : {names}", "7.3", "12.9"))
    return found


def _backwards(inspected: InspectedPage, expected: int) -> list[Finding]:
    """Shift+Tab from the last stop comes back to the first: no trap."""
    inspected.run("window.__stops.length && window.__stops.at(-1).focus(); 0")
    seen = [expected - 1]
    for _ in range(expected - 1):
        inspected.page.keyboard.press("Shift+Tab")
        here = inspected.run(_HERE)
        if here is None or here["at"] in seen:
            break
        seen.append(here["at"])
    if len(set(seen)) < expected:
        return [
            _fault("piège", f"Maj+Tab ne revient que sur {len(set(seen))} de {expected}", "12.9")
        ]
    return []
