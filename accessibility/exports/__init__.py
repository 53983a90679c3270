"""The audit in the formats of the tools that reviewers work with, one module a format."""

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

from accessibility import statement
from accessibility.auditing import Audit
from accessibility.exports import ara, earl, grid, openacr
from accessibility.exports.grid import Head
from webapp.adapters.brand import OURS, Brand, read
from webapp.settings import ROOT

FILES = ("grille.ods", "ara.json", "earl.jsonld", "openacr.yaml")
SITE = "http://localhost:8000"  # where `make run` serves what is audited


def write(audit: Audit, figures: dict[str, Any], day: date, build: Path) -> None:
    """All files. `figures`: the statement's."""
    build.mkdir(parents=True, exist_ok=True)
    brand = read(OURS)
    head = Head(
        day=f"{day:%d/%m/%Y}", auditor=statement.about_audit()["auditor"],
        name=f"Espace adhérents {brand.full}", site=SITE,
    )  # fmt: skip
    grille, to_ara, evaluation, report = (build / name for name in FILES)
    grid.write(audit, head, grille, derogations(brand))
    ara.write(audit, head, figures, brand.accessibility, to_ara)
    earl.write(audit, head, figures, evaluation)
    openacr.write(audit, head, version(), brand.accessibility, day.isoformat(), report)


def derogations(brand: Brand) -> dict[str, str]:
    """By criterion: which contents, and why."""
    told: dict[str, str] = {}
    for each in brand.duties.derogations:
        line = f"{each.content} : {each.reason}"
        told[each.criterion] = f"{told[each.criterion]}\n{line}" if each.criterion in told else line
    return told


def version() -> str:
    """The product's."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return str(project["version"])
