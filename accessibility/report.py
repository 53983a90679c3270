"""build/accessibility/: index.html to read, results.json to compare."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader

from accessibility import exclusions
from accessibility.checks import targets
from accessibility.criteria import CONFORM, FAILED, NOT_APPLICABLE, TO_CHECK, Verdict, known
from accessibility.finding import Finding, Result
from accessibility.guide import GUIDE
from webapp.rules.typography import french

STATUSES = (FAILED, TO_CHECK, CONFORM, NOT_APPLICABLE)
SLUGS = {FAILED: "non-conforme", TO_CHECK: "a-verifier", CONFORM: "conforme", NOT_APPLICABLE: "na"}
PICTURES = {
    "ecran": "écran de 360 × 740", "page": "page entière", "sombre": "thème sombre",
    "gris": "en gris", "texte-200": "texte à 200 %, 320 px", "espace": "texte espacé",
    "sans-style": "sans feuille de style", "contraste-force": "contraste forcé",
    "papier": "imprimée",
}  # fmt: skip


def write(build: Path, facts: dict[str, Any], results: list[Result], everywhere: list[Finding],
          verdicts: list[Verdict], statuses: dict[str, str]) -> None:  # fmt: skip
    """Both files. `facts`: date, commit, tools, seconds."""
    build.mkdir(parents=True, exist_ok=True)
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters.update(slug=SLUGS.__getitem__, fr=french)
    page = environment.get_template("report.html").render(
        facts=facts, results=results, everywhere=everywhere, statuses=statuses, guide=GUIDE,
        criteria=known(), themes=_themes(), by_criterion=_by_criterion(verdicts),
        titles={each.name: each.title for each in results}, pictures=PICTURES,
        figures=[(each, sum(s == each for s in statuses.values())) for each in STATUSES],
        tools=tools(results, everywhere), exclusions=_exclusions(),
        small=sorted({words for each in results for words in targets.below_aim(each.facts)}),
    )  # fmt: skip
    (build / "index.html").write_text(page, encoding="utf-8")
    told = {
        **facts,
        "criteria": statuses,
        "tools": [[name, looks, count] for name, looks, count in tools(results, everywhere)],
        "everywhere": [vars(each) for each in everywhere],
        "states": [each.as_json() | {"facts": None} for each in results],
    }
    (build / "results.json").write_text(
        json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8"
    )


def tools(results: list[Result], everywhere: list[Finding]) -> list[tuple[str, int, int]]:
    """Each tool, how often it looked, what it found."""
    looks: Counter[str] = Counter()
    for each in results:
        looks.update(each.runs)
    faults = Counter(
        _tool(finding.tool, looks)
        for finding in [*everywhere, *(f for each in results for f in each.findings)]
    )
    looks["sources"] += 1
    return [(name, looks[name], faults[name]) for name in looks]


def spent(results: list[Result]) -> list[tuple[str, float]]:
    """What the seconds of all states were spent on, the most first; processes share them."""
    told: Counter[str] = Counter()
    for each in results:
        told.update(each.spent)  # type: ignore[arg-type] # of seconds
    return told.most_common()  # type: ignore[return-value]


def _tool(name: str, known_names: Counter[str]) -> str:
    aliases = {"AccessLint": "@accesslint/core", "IBM": "accessibility-checker-engine"}
    for start, full in aliases.items():
        if name.startswith(start):
            return full
    return next((each for each in known_names if name.startswith(each)), name)


def _themes() -> list[tuple[str, list[str]]]:
    themes: dict[str, list[str]] = {}
    for criterion, facts in known().items():
        themes.setdefault(facts["theme"], []).append(criterion)
    return list(themes.items())


def _by_criterion(verdicts: list[Verdict]) -> dict[str, list[Verdict]]:
    told: dict[str, list[Verdict]] = {}
    for each in verdicts:
        told.setdefault(each.criterion, []).append(each)
    return told


def _exclusions() -> list[tuple[str, str, str]]:
    sets = {
        "axe-core": exclusions.AXE, "IBM": exclusions.IBM | {f"{rule} ({words})": why for (rule, words), why in exclusions.IBM_WHEN.items()}, "AccessLint": exclusions.ACCESSLINT,
        "html-validate": exclusions.HTML_VALIDATE,
        "html-validate, page écrite par le navigateur": exclusions.SERIALISED,
        "messages (axe, IBM, AccessLint)": exclusions.MAILS,
        "messages (html-validate)": exclusions.MAILS_MARKUP,
    }  # fmt: skip
    return [(tool, rule, why) for tool, rules in sets.items() for rule, why in rules.items()]
