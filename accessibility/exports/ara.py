"""ara.json: what an auditor would send to Ara (DISIC), the State's own audit tool.

Ara imports no file: its API takes one call after the other, and calls itself not public. So the bodies
stand here in the order of the calls; `python -m accessibility.exports.send_to_ara` sends them for
whoever wants it. Pages have no number before Ara gives them one: `pageId` is the page's place in
the sample until then. Shapes: DISIC/Ara, confiture-rest-api/src/audits/dto at commit 822b6bac.
"""

import json
from pathlib import Path
from typing import Any

from accessibility.auditing import NA, NC, NT, Audit, C, Line
from accessibility.exports.grid import Head, comment
from accessibility.finding import Finding
from accessibility.sample import SAMPLE

_STATUS = {C: "COMPLIANT", NC: "NOT_COMPLIANT", NA: "NOT_APPLICABLE", NT: "NOT_TESTED"}
_COMMENT = {C: "compliantComment", NA: "notApplicableComment"}


def bodies(audit: Audit, head: Head, statement: dict[str, Any], email: str) -> dict[str, Any]:
    """The four bodies. `statement`: its figures, as /accessibilite has them. `email`: Ara’s service
    fails without one, though its shape calls it optional; whoever sends puts their own."""
    pages = [{"name": page.title, "url": f"{head.site}{page.address}"} for page in SAMPLE]
    base = {
        "auditType": "FULL", "procedureName": head.name, "pages": pages,
        "auditorName": head.auditor, "auditorEmail": email,
    }  # fmt: skip
    shared = {
        "auditorOrganisation": head.auditor,
        "procedureUrl": head.site,
        "technologies": statement["technologies"],
        "tools": statement["tools"],
        "environments": [_environment(each) for each in statement["environments"]],
        "notCompliantContent": "\n".join(f"{e['id']} {e['title']}" for e in statement["failed"]),
        "derogatedContent": "",
        "notInScopeContent": "",
    }
    notes = f"Auto-évaluation du {head.day}."
    return {
        "create": base | {"pageElements": _elements(audit)},
        "update": base
        | shared
        | {"notes": notes, "transverseElements": ["En-tête", "Pied de page"]},
        "results": {"data": [_result(line) for line in audit.lines]},
        "statement": shared,
    }


def write(audit: Audit, head: Head, statement: dict[str, Any], email: str, path: Path) -> None:
    """As JSON."""
    told = json.dumps(bodies(audit, head, statement, email), ensure_ascii=False, indent=1)
    path.write_text(told + "\n", encoding="utf-8")


def _elements(audit: Audit) -> dict[str, bool]:
    """Which kinds of content the sample has: those whose first criterion applies somewhere."""
    kinds = {"multimedia": "4.1", "form": "11.1", "table": "5.4", "frame": "2.1"}
    return {
        kind: any(line.status != NA for line in audit.of_criterion(criterion))
        for kind, criterion in kinds.items()
    }


def _result(line: Line) -> dict[str, Any]:
    topic, criterium = (int(each) for each in line.criterion.split("."))
    told: dict[str, Any] = {
        "pageId": SAMPLE.index(line.page), "topic": topic, "criterium": criterium,
        "status": _STATUS[line.status], "notCompliantItems": [_item(e) for e in line.findings],
    }  # fmt: skip
    if line.status == NC and not line.findings:
        told["notCompliantItems"] = [
            {"title": "Constat", "comment": line.note, "userImpact": "MAJOR", "quickWin": False}
        ]
    if kind := _COMMENT.get(line.status):
        told[kind] = comment(line)
    return told


def _item(finding: Finding) -> dict[str, Any]:
    where = f"\n{finding.where}" if finding.where else ""
    return {
        "title": f"{finding.tool} : {finding.rule}", "comment": f"{finding.what}{where}",
        "userImpact": "MAJOR", "quickWin": False,
    }  # fmt: skip


def _environment(told: dict[str, str]) -> dict[str, str]:
    return {
        "platform": told["platform"], "operatingSystem": told["system"],
        "assistiveTechnology": told["assistive"] or "Aucune", "browser": told["browser"],
    }  # fmt: skip
