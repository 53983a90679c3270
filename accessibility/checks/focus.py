"""The keyboard: Tab goes everywhere, in the order of the page, visibly, and comes out again."""

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
    x, y, width, height, free, visible: each.matches(':focus-visible'), url: location.href };
})()"""
_BLUR = "window.__here = document.activeElement; window.__here.blur(); 0"
_BACK = "window.__here.focus({ preventScroll: true }); 0"


def look(inspected: InspectedPage, theme: str = "clair") -> list[Finding]:
    """One walk through the page with Tab."""
    inspected.resize(**PHONE_SIZE)
    expected: int = inspected.run(_START)
    seen: list[int] = []
    found: list[Finding] = []
    address = inspected.page.url
    for _ in range(min(expected + 2, MOST)):
        inspected.page.keyboard.press("Tab")
        here = inspected.run(_HERE)
        if here is None:
            break  # out of the page, into the browser's own bar
        if here["at"] in seen:
            break  # round again
        seen.append(here["at"])
        found += _judge(inspected, here, theme, address)
    if theme == "clair":
        found += _order(seen, expected, inspected)
        found += _backwards(inspected, expected)
    inspected.run("document.activeElement.blur(); window.scrollTo(0, 0); 0")
    return found


def _fault(rule: str, what: str, *criteria: str) -> Finding:
    return Finding(TOOL, rule, what, "", criteria)


def _judge(inspected: InspectedPage, here: Facts, theme: str, address: str) -> list[Finding]:
    name = f"{here['tag']} « {here['name']} » ({theme})"
    found = []
    if here["url"].split("#")[0] != address.split("#", maxsplit=1)[0]:
        found.append(_fault("focus", f"{name} : le focus seul change de page", "7.4"))
    if not here["visible"]:
        found.append(_fault("focus visible", f"{name} n’a pas :focus-visible", "10.7"))
    if not here["free"]:
        found.append(_fault("focus caché", f"{name} est couvert ou hors de l’écran", "10.7"))
    box = _clip(here)
    if box is None:
        return found
    focused = inspected.clip(box)
    inspected.run(_BLUR)
    plain = inspected.clip(box)
    inspected.run(_BACK)
    told = inspected.pixels.changed(plain, focused)
    around = 2 * (min(here["width"], box["width"]) + min(here["height"], box["height"]))
    if told["strong"] < around:
        what = f"{name} : {told['strong']:.0f} pixels à 3:1, il en faut {around:.0f} (meilleur contraste {told['best']:.1f})"
        found.append(_fault("focus visible", what, "10.7", "3.3"))
    return found


def _clip(here: Facts) -> dict[str, float] | None:
    left, top = max(here["x"] - AROUND, 0), max(here["y"] - AROUND, 0)
    right = min(here["x"] + here["width"] + AROUND, PHONE_SIZE["width"])
    bottom = min(here["y"] + here["height"] + AROUND, PHONE_SIZE["height"])
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
