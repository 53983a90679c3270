"""Nothing moves by itself: no shift of the layout, no endless movement, none for who wants none."""

from accessibility.finding import Finding
from accessibility.inspected_page import InspectedPage

TOOL = "mouvement"
_ENDLESS = """(() => document.getAnimations().filter((each) => each.effect && each.effect.getComputedTiming().endTime > 5000)
  .map((each) => each.effect.target.outerHTML.slice(0, 80)))()"""
_MOVES = """(() => [...document.querySelectorAll('*')].filter((each) => {
    const { transitionDuration, animationName, scrollBehavior } = getComputedStyle(each);
    return transitionDuration.split(',').some((one) => parseFloat(one) > 0) || animationName !== 'none' || scrollBehavior === 'smooth';
  }).map((each) => each.outerHTML.slice(0, 60)))()"""
_SHIFTS = "window.__seen ? [window.__seen.shift, window.__seen.shifts.join(', ')] : [0, '']"


def shifts(inspected: InspectedPage) -> list[Finding]:
    """Cumulative layout shift of all that led here: zero."""
    size, where = inspected.run(_SHIFTS)
    return [Finding(TOOL, "décalage", f"{size:.4f} : {where}")] if size > 0 else []


def look(inspected: InspectedPage) -> list[Finding]:
    """Endless movement; any movement at all under prefers-reduced-motion."""
    found = [Finding(TOOL, "sans fin", each, "", ("13.8",)) for each in inspected.run(_ENDLESS)]
    inspected.page.emulate_media(reduced_motion="reduce")
    moving = inspected.run(_MOVES)
    inspected.page.emulate_media(reduced_motion="no-preference")
    found += [Finding(TOOL, "mouvement réduit", each, "", ("13.8",)) for each in moving[:5]]
    return found


def printed(inspected: InspectedPage) -> tuple[list[Finding], dict[str, str]]:
    """On paper: the title and the text, no menu, nothing out of the sheet."""
    inspected.page.emulate_media(media="print")
    inspected.resize(794, 1123)  # A4 at 96 dpi
    h1 = inspected.run(
        "(() => { const h = document.querySelector('h1'); return !h || h.checkVisibility(); })()"
    )
    wide = inspected.run("document.documentElement.scrollWidth > innerWidth + 1")
    pictures = {"papier": inspected.picture("papier")}
    inspected.page.emulate_media(media="screen")
    inspected.resize(360, 740)
    found = []
    if not h1:
        found.append(Finding(TOOL, "papier", "le titre manque"))
    if wide:
        found.append(Finding(TOOL, "papier", "le texte sort de la feuille"))
    return found, pictures
