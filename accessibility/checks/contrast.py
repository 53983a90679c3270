"""Contrast of what is no text: the outline of fields and buttons with what surrounds them, 3:1."""

from accessibility.finding import Finding
from accessibility.inspected_page import InspectedPage

TOOL = "contraste des composants"
LEAST = 3.0
MARGIN = 4
_CONTROLS = """(() => {
  window.__controls = [...document.querySelectorAll('input:not([type=hidden]),select,textarea,button,.button,.tab')]
    .filter((each) => each.checkVisibility({ visibilityProperty: true, opacityProperty: true }));
  return window.__controls.length;
})()"""
_CONTROL = """(() => {
  const each = window.__controls[%d];
  each.scrollIntoView({ block: 'center', behavior: 'instant' });
  const { x, y, width, height } = each.getBoundingClientRect();
  const top = document.elementFromPoint(x + width / 2, y + height / 2);
  const free = top && (each === top || each.contains(top) || top.contains(each));
  return { x, y, width, height, free: Boolean(free), name: each.id || (each.innerText || '').trim().slice(0, 30) };
})()"""


def luminance(red: float, green: float, blue: float) -> float:
    """Relative luminance of sRGB parts from 0 to 255, as WCAG 2 defines it."""
    parts = [part / 255 for part in (red, green, blue)]
    flat = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * flat[0] + 0.7152 * flat[1] + 0.0722 * flat[2]


def ratio(first: tuple[float, float, float], second: tuple[float, float, float]) -> float:
    """Contrast of two colours, from 1 to 21."""
    light, dark = sorted((luminance(*first), luminance(*second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def look(inspected: InspectedPage, theme: str) -> list[Finding]:
    """Every control, on its four sides, in pixels."""
    found = []
    for at in range(inspected.run(_CONTROLS)):
        each = inspected.run(_CONTROL % at)
        if not each["free"] or each["width"] < 2:
            continue
        box = {
            "x": max(each["x"] - MARGIN, 0),
            "y": max(each["y"] - MARGIN, 0),
            "width": each["width"] + 2 * MARGIN,
            "height": each["height"] + 2 * MARGIN,
        }
        sides = inspected.pixels.edges(inspected.clip(box), MARGIN)
        if min(sides) < LEAST - 0.02:
            told = ", ".join(f"{side:.1f}" for side in sides)
            what = f"« {each['name']} » ({theme}) : {told} pour 3"
            found.append(Finding(TOOL, "bordure", what, each["name"], ("3.3",)))
    inspected.run("window.scrollTo(0, 0); 0")
    return found
