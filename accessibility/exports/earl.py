"""earl.jsonld: the audit as an evaluation by WCAG-EM, which the W3C's report tool opens.

The tool loads one `Evaluation` in its own third vocabulary (w3c/wcag-em-report-tool,
app/scripts/services/context/evalContextV3.js at commit 7a6dbd20). A success criterion has an
assertion, with a part for each page.
"""

import json
from pathlib import Path
from typing import Any

from accessibility.auditing import NA, NC, NT, Audit, C
from accessibility.exports.grid import Head
from accessibility.exports.wcag import WCAG, Criterion, outcome
from accessibility.sample import DRAWN, SAMPLE, Page
from accessibility.standards import STANDARDS

CONTEXT = json.loads(Path(__file__).with_name("wcag_em_context.json").read_text(encoding="utf-8"))
PUBLISHER = "reporter:releases/tag/2.0.3"
_OUTCOMES = {
    C: "earl:passed", NC: "earl:failed", NA: "earl:inapplicable", NT: "earl:untested",
}  # fmt: skip
_PERSON = {"@vocab": "http://xmlns.com/foaf/0.1/", "id": "@id", "type": "@type"}
_AUDITOR, _SITE = "_:evaluator", "_:website"


def evaluation(audit: Audit, head: Head, statement: dict[str, Any]) -> dict[str, Any]:
    """The document."""
    structured = [page for page in SAMPLE if page.why != DRAWN]
    drawn = [page for page in SAMPLE if page.why == DRAWN]
    names = {page.key: f"_:struct_{at}" for at, page in enumerate(structured)}
    names |= {page.key: f"_:rand_{at}" for at, page in enumerate(drawn)}
    return {
        "@graph": [
            {
                "@context": CONTEXT,
                "type": "Evaluation",
                "id": "_:evaluation",
                "publisher": PUBLISHER,
                "lang": "fr",
                "title": f"Évaluation de {head.name}",
                "summary": f"RGAA {STANDARDS.rgaa}, {len(SAMPLE)} pages, {head.day}.",
                "creator": _AUDITOR,
                "date": head.day,
                "commissioner": head.name,
                "reliedUponTechnology": [
                    {"type": "Technology", "title": each} for each in statement["technologies"]
                ],
                "evaluationScope": _scope(head, statement),
                "commonPages": ", ".join(page.title for page in structured[:7]),
                "essentialFunctionality": "S’inscrire avec le courrier, se connecter en deux étapes.",
                "pageTypeVariety": ", ".join(sorted({page.why for page in SAMPLE})),
                "otherRelevantPages": "",
                "structuredSample": _sample(structured, names, head),
                "randomSample": _sample(drawn, names, head),
                "auditResult": [_assertion(audit, each, names) for each in WCAG if _asked(each)],
                "specifics": "",
            },
            {"@context": _PERSON, "type": "Person", "id": _AUDITOR, "name": head.auditor},
        ]
    }


def write(audit: Audit, head: Head, statement: dict[str, Any], path: Path) -> None:
    """As JSON-LD."""
    told = json.dumps(evaluation(audit, head, statement), ensure_ascii=False, indent=1)
    path.write_text(told + "\n", encoding="utf-8")


def _asked(criterion: Criterion) -> bool:
    """Of those of WCAG 2.2 alone the tool knows nothing."""
    return bool(criterion.rgaa)


def _scope(head: Head, statement: dict[str, Any]) -> dict[str, Any]:
    baseline = "; ".join(
        " + ".join(each for each in (told["browser"], told["assistive"]) if each)
        for told in statement["environments"]
    )
    return {
        "type": "EvaluationScope",
        "conformanceTarget": "wai:WCAG2AA-Conformance",
        "additionalEvalRequirement": f"RGAA {STANDARDS.rgaa}",
        "website": {
            "type": ["TestSubject", "WebSite"], "id": _SITE,
            "siteName": head.name, "siteScope": head.site,
        },
        "accessibilitySupportBaseline": baseline,
    }  # fmt: skip


def _sample(pages: list[Page], names: dict[str, str], head: Head) -> dict[str, Any]:
    return {
        "type": "Sample",
        "webpage": [
            {
                "type": ["TestSubject", "WebPage"], "id": names[page.key], "title": page.title,
                "description": f"{head.site}{page.address}",
                "source": f"{head.site}{page.address}", "tested": True,
            }
            for page in pages
        ],
    }  # fmt: skip


def _assertion(audit: Audit, criterion: Criterion, names: dict[str, str]) -> dict[str, Any]:
    test = f"WCAG2:{criterion.handle}"
    parts = [
        {
            "type": "Assertion", "assertedBy": _AUDITOR, "subject": [names[page.key]],
            "result": _result(audit, criterion, page), "multiPage": False,
            "mode": _mode(audit, criterion, page), "testcase": test,
        }
        for page in SAMPLE
    ]  # fmt: skip
    return {
        "type": "Assertion", "test": test, "assertedBy": _AUDITOR, "subject": _SITE,
        "result": {
            "type": "TestResult", "outcome": _OUTCOMES[outcome(audit, criterion)],
            "description": "RGAA " + ", ".join(criterion.rgaa),
        },
        "mode": "earl:semiAuto", "hasPart": parts,
    }  # fmt: skip


def _result(audit: Audit, criterion: Criterion, page: Page) -> dict[str, str]:
    told = [
        f"{line.criterion} {line.status}"
        for line in audit.of_page(page)
        if line.criterion in criterion.rgaa
    ]
    status = outcome(audit, criterion, page.key)
    return {
        "type": "TestResult", "outcome": _OUTCOMES[status], "description": ", ".join(told),
    }  # fmt: skip


def _mode(audit: Audit, criterion: Criterion, page: Page) -> str:
    """By a person, by tools, or by both."""
    people = {line.by_person for line in audit.of_page(page) if line.criterion in criterion.rgaa}
    if people == {True}:
        return "earl:manual"
    return "earl:semiAuto" if True in people else "earl:automatic"
