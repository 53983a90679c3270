"""What a screen reader is told when a state comes: its title, where the focus lands and what that
thing is called, what the live regions say, then the page in reading order.

Written to transcripts/<state>.txt and compared at each run. What changes from one day to the next
(hours, dates, codes, waits) is written as a sign.
"""

import difflib
import re
from pathlib import Path

from accessibility.finding import Finding
from accessibility.inspected_page import InspectedPage

TOOL = "transcription"
FOCUS_MS = 250  # a script of ours gives it a tenth of a second after the swap
FOLDER = Path(__file__).parent / "transcripts"
_CHANGING = (
    (r"\d{1,2}(?:er)?\s(?:janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|"
     r"novembre|décembre)\s\d{4}", "‹date›"),
    (r"\d{1,2}\sh\s\d{2}", "‹heure›"),
    (r"\b\d{4}(?:\s?\d{3}){3}\b", "‹13 chiffres›"),
    (r"\b\d{3}\s?\d{3}\b", "‹6 chiffres›"),
    (r"\b\d+\s(?:secondes?|minutes?)\b", "‹durée›"),
    (r"moins d’une minute", "‹durée›"),
    (r"http://localhost:\d+", "‹site›"),
    (r"/(?:validation|nouveau|accord|historique|enrolement)/[\w.~-]+", "/‹lien›"),
    (r"/imports/[0-9a-f]{32}", "/imports/‹fichier›"),
    (r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b", "‹code de secours›"),
    (r"/static/[0-9a-f]{10}/", "/static/‹empreinte›/"),
    (r"\b\d+(?= (?:écrans et états|sont respectés|ne s’appliquent|restent à vérifier))", "‹nombre›"),
    (r"PDF, [\d,]+ Mo", "PDF, ‹poids›"),
    (r"\b(?:non|partiellement|totalement) conforme\b", "‹état›"),  # the statement's own word
    (r"secret=[A-Z2-7]+", "secret=‹clé›"),
    (r"\b(?:[A-Z2-7]{4} ){3,}[A-Z2-7]{4}\b", "‹clé›"),
)  # fmt: skip


def write(inspected: InspectedPage) -> str:
    """The transcript of what has just been shown, once the focus has come after a swap."""
    if _swapped(inspected):
        inspected.page.wait_for_timeout(FOCUS_MS)
    said = inspected.run("window.__seen ? window.__seen.said : []")
    lines = [f"titre : {inspected.page.title()}", f"focus : {_focus(inspected)}"]
    lines += [f"annonce, {each}" for each in dict.fromkeys(said)] or ["annonce : aucune"]
    tree = inspected.page.locator("body").aria_snapshot()
    return steady("\n".join([*lines, "", tree])) + "\n"


def steady(text: str) -> str:
    """The text, the same whatever the day."""
    text = text.replace("\u00a0", " ").replace("\u202f", " ")
    for shape, sign in _CHANGING:
        text = re.sub(shape, sign, text)
    return text


def compare(name: str, text: str, *, accept: bool) -> list[Finding]:
    """A difference is a finding; with `accept` it becomes the new transcript."""
    file = FOLDER / f"{name}.txt"
    if accept:
        file.write_text(text, encoding="utf-8")
        return []
    if not file.exists():
        return [Finding(TOOL, "absente", f"{file.name} : make accessibility ACCEPT=1, puis relire")]
    known = file.read_text(encoding="utf-8")
    if known == text:
        return []
    changes = difflib.unified_diff(
        known.splitlines(), text.splitlines(), "avant", "après", "", "", 1
    )
    return [Finding(TOOL, "différente", "\n".join(list(changes)[2:14]))]


def announced(inspected: InspectedPage) -> list[Finding]:
    """A new screen must be told: the focus is on something named, or a live region spoke."""
    if inspected.is_mail or not inspected.run("Boolean(window.__seen)"):
        return []
    said = inspected.run("window.__seen.said.length")
    focus = inspected.run(
        "document.activeElement !== document.body && document.activeElement.innerText !== ''"
    )
    if _swapped(inspected) and not (said or focus):
        return [Finding(TOOL, "silence", "après l’échange, ni focus ni annonce", "", ("7.5",))]
    return []


def _swapped(inspected: InspectedPage) -> bool:
    """Whether a script of ours fetched what is shown."""
    return bool(
        inspected.run(
            "performance.getEntriesByType('resource').some((it) => it.initiatorType === 'fetch')"
        )
    )


def _focus(inspected: InspectedPage) -> str:
    """Role, name and description as the browser hands them to a screen reader."""
    answer = inspected.cdp.send("Runtime.evaluate", {"expression": "document.activeElement"})
    node = answer["result"].get("objectId")
    tree = inspected.cdp.send(
        "Accessibility.getPartialAXTree", {"objectId": node, "fetchRelatives": False}
    )
    facts = tree["nodes"][0] if tree["nodes"] else {}
    role = facts.get("role", {}).get("value", "aucun")
    name = facts.get("name", {}).get("value", "")
    if not name.strip():
        words = inspected.run(
            "document.activeElement === document.body ? '' : document.activeElement.innerText"
        )
        name = " / ".join(line for line in words.splitlines() if line.strip())
    description = facts.get("description", {}).get("value", "")
    return " — ".join(each for each in (f"{role} « {name} »", description) if each)
