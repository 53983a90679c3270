"""What the page's scripts and style sheets must not do, read in their source once a run."""

import re

from accessibility.finding import Finding
from webapp.settings import ROOT

TOOL = "sources"
SCRIPT_RULES = {
    r"addEventListener\(\s*['\"](?:keydown|keypress|keyup)|accesskey": (
        "écoute des touches : un raccourci à une touche se règle ou se désactive", "12.10"),
    r"['\"](?:mousedown|pointerdown|touchstart)['\"]": (
        "agit dès l’appui : rien ne permet d’annuler", "13.11"),
    r"['\"](?:touchmove|pointermove|gesturestart)['\"]": ("geste complexe", "13.10"),
    r"devicemotion|deviceorientation": ("mouvement de l’appareil", "13.12"),
    r"window\.open\(|\bopen\(": ("ouvre une fenêtre", "13.2"),
    r"orientation\.lock|lockOrientation": ("bloque l’orientation", "13.9"),
    r"addEventListener\(\s*['\"](?:input|change|focus|focusin)['\"]": (
        "réagit à la saisie ou au focus : dites pourquoi rien ne change de contexte", "7.4"),
    r"\.onmouse|mouseenter|mouseover": ("contenu au survol", "10.13"),
}  # fmt: skip
STYLE_RULES = {
    r":(?:hover|focus)[^{},]*\{[^}]*\b(?:display|visibility|opacity|content)\s*:": (
        "montre un contenu au survol ou au focus", "10.14"),
    r"orientation\s*:\s*(?:portrait|landscape)[^{]*\{[^}]*(?:rotate|display\s*:\s*none)": (
        "dépend de l’orientation", "13.9"),
    r"(?:^|[;{])\s*outline\s*:\s*(?:0|none)(?![^}]*box-shadow)": ("efface le focus", "10.7"),
}  # fmt: skip


def look() -> list[Finding]:
    """Findings for the portal as a whole."""
    found = []
    for folder, pattern, rules in (("js", "*.js", SCRIPT_RULES), ("css", "*.css", STYLE_RULES)):
        for file in sorted((ROOT / "static" / folder).rglob(pattern)):
            if file.name != "htmx.min.js":
                found += judge(file.name, file.read_text(encoding="utf-8"), rules)
    return found


def judge(name: str, text: str, rules: dict[str, tuple[str, str]]) -> list[Finding]:
    """Every rule that this source breaks."""
    bare = re.sub(r"/\*.*?\*/|(?m:^\s*//.*$)", "", text, flags=re.DOTALL)
    return [
        Finding(TOOL, what.split(" : ")[0], f"{name} : {what} (« {hit.group(0)[:60].strip()} »)",
                name, (criterion,))
        for shape, (what, criterion) in rules.items()
        if (hit := re.search(shape, bare))
    ]  # fmt: skip
