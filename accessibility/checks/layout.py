"""Nothing is lost when the window is narrow, the text large or spaced, the phone on its side."""

from pathlib import Path

from accessibility.finding import Finding
from accessibility.inspected_page import PHONE_SIZE, InspectedPage

TOOL = "mise en page"
_LOOK = (Path(__file__).with_name("layout.js")).read_text(encoding="utf-8")
# The four values of WCAG 1.4.12, in a sheet that the page's policy does not see.
_SPACED = """(() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}p{margin-bottom:2em!important}');
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
})()"""
_UNSPACED = "document.adoptedStyleSheets = document.adoptedStyleSheets.slice(0, -1); 0"
_LARGE = "document.documentElement.style.fontSize = '%s'; 0"
_WORDS = """(() => {
  const told = [];
  const walker = document.createTreeWalker(document.querySelector('main') || document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.parentElement.checkVisibility({ visibilityProperty: true }) && !node.parentElement.closest('style,script')) told.push(node.data);
  }
  return (told.join(' ').toLowerCase().match(/[\\p{L}\\p{N}]+/gu) || []).join(' ');
})()"""
_BARE = """(() => { [...document.styleSheets].forEach((each) => { each.disabled = true; }); })()"""
_DRESSED = (
    """(() => { [...document.styleSheets].forEach((each) => { each.disabled = false; }); })()"""
)


def look(inspected: InspectedPage) -> tuple[list[Finding], dict[str, str]]:
    """Every way to see the page; pictures of those that a person may want to see."""
    pictures: dict[str, str] = {}
    found = [*_at(inspected, "à 360 px")]

    inspected.resize(320, 640)
    found += _at(inspected, "à 320 px", "10.11")
    inspected.resize(320, 256)  # 1280 × 1024 seen at 400 %
    found += _at(inspected, "à 400 % de zoom", "10.11")
    inspected.resize(640, 512)  # the same at 200 %
    found += _at(inspected, "à 200 % de zoom", "10.4")
    inspected.resize(1280, 800)
    found += _at(inspected, "à 1280 px")
    inspected.resize(740, 360)
    found += _at(inspected, "téléphone couché", "13.9")

    inspected.run(_LARGE % "200%")
    for width in (320, 1280):
        inspected.resize(width, 740)
        found += _at(inspected, f"texte à 200 %, {width} px", "10.4")
        if width == 320:
            pictures["texte-200"] = inspected.picture("texte-200")
    inspected.run(_LARGE % "")

    inspected.run(_SPACED)
    for width in (1280, 360):
        inspected.resize(width, 740)
        found += _at(inspected, f"texte espacé, {width} px", "10.12")
    pictures["espace"] = inspected.picture("espace")
    inspected.run(_UNSPACED)

    inspected.resize(**PHONE_SIZE)
    return found, pictures


def without_style(inspected: InspectedPage) -> tuple[list[Finding], dict[str, str]]:
    """The same words remain, in the same order, once the style sheets are gone."""
    dressed = inspected.run(_WORDS)
    inspected.run(_BARE)
    bare = inspected.run(_WORDS)
    pictures = {"sans-style": inspected.picture("sans-style")}
    inspected.run(_DRESSED)
    lost = [word for word in dressed.split() if word not in set(bare.split())]
    found = []
    if lost:
        what = f"mots perdus sans feuille de style : {' '.join(lost[:8])}"
        found.append(Finding(TOOL, "sans style", what, "", ("10.2",)))
    if not _follows(dressed.split(), bare.split()):
        found.append(Finding(TOOL, "sans style", "l’ordre des mots change", "", ("10.3",)))
    return found, pictures


def _follows(some: list[str], more: list[str]) -> bool:
    """Whether the words come in the same order in the longer text."""
    rest = iter(more)
    return all(word in rest for word in some)


def _at(inspected: InspectedPage, how: str, *criteria: str) -> list[Finding]:
    return [Finding(TOOL, how, what, "", criteria) for what in inspected.run(_LOOK)]
