"""openacr.yaml: the conformance report that buyers abroad ask for (VPAT, as GSA's OpenACR writes it).

Levels are what the audit of the sample comes to. What the RGAA does not ask (WCAG 2.2's own) and
what nobody has judged is « not-evaluated »: no level is claimed from silence.
"""

from pathlib import Path
from typing import Any

import yaml

from accessibility.auditing import NA, NC, NT, Audit, C
from accessibility.criteria import known
from accessibility.exports.grid import Head
from accessibility.exports.wcag import WCAG, Criterion, outcome
from accessibility.standards import STANDARDS

_CHAPTERS = {"A": "success_criteria_level_a", "AA": "success_criteria_level_aa"}
_NOT_OURS = (
    "success_criteria_level_aaa", "functional_performance_criteria", "hardware", "software",
    "support_documentation_and_services", "en_301_549_functional_performance",
    "en_301_549_generic_requirements", "en_301_549_ict_with_two-way_voice",
    "en_301_549_ict_with_video", "en_301_549_hardware", "en_301_549_web",
    "en_301_549_non-web-documents", "en_301_549_software",
    "en_301_549_documentation_and_support_services",
    "en_301_549_ict_providing_relay_or_emergency_service_access",
)  # fmt: skip
_LEVELS = {C: "supports", NA: "not-applicable", NT: "not-evaluated"}


def report(audit: Audit, head: Head, version: str, email: str, day: str) -> dict[str, Any]:
    """The document. `day`: as ISO 8601 has it."""
    return {
        "title": f"{head.name} Accessibility Conformance Report",
        "product": {"name": head.name, "version": version,
                    "description": "Members' space of a health mutual, a web application in French."},
        "author": {"name": head.auditor, "email": email},
        "vendor": {"name": head.name, "email": email},
        "report_date": day, "last_modified_date": day, "version": 1,
        "notes": (f"Self-assessment against RGAA {STANDARDS.rgaa} (WCAG {STANDARDS.wcag}, EN 301 549 "
                  f"{STANDARDS.en_301_549}) on a sample of pages."),
        "evaluation_methods_used": "Automated checkers, scripted checks, and guided checks by people.",
        "catalog": STANDARDS.openacr_catalog,
        "chapters": {
            **{
                chapter: {"criteria": [_criterion(audit, e) for e in WCAG
                                       if e.level == level]}
                for level, chapter in _CHAPTERS.items()
            },
            **{
                chapter: {"disabled": True, "notes": "Not part of this evaluation."}
                for chapter in _NOT_OURS
            },
        },
    }  # fmt: skip


def write(audit: Audit, head: Head, version: str, email: str, day: str, path: Path) -> None:
    """As YAML."""
    told = report(audit, head, version, email, day)
    path.write_text(yaml.safe_dump(told, allow_unicode=True, sort_keys=False), encoding="utf-8")


def _criterion(audit: Audit, criterion: Criterion) -> dict[str, Any]:
    adherence = {"level": _level(audit, criterion), "notes": _notes(audit, criterion)}
    return {"num": criterion.num, "components": [{"name": "web", "adherence": adherence}]}


def _level(audit: Audit, criterion: Criterion) -> str:
    found = outcome(audit, criterion)
    if found != NC:
        return _LEVELS[found]
    lines = [line.status for rgaa in criterion.rgaa for line in audit.of_criterion(rgaa)]
    return "partially-supports" if C in lines else "does-not-support"


def _notes(audit: Audit, criterion: Criterion) -> str:
    if not criterion.rgaa:
        return f"Not asked by RGAA {STANDARDS.rgaa}."
    failed = [each for each in criterion.rgaa if audit.statuses[each] == NC]
    if failed:
        return "; ".join(f"RGAA {each}: {known()[each]['title']}" for each in failed)
    return "RGAA " + ", ".join(criterion.rgaa)
