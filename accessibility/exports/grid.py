"""grille.ods: the official audit grid, filled in.

Written into the model's own archive. Asked of it are the cells that an auditor fills; formulas keep
their words and get the values that they come to, for readers that do not calculate. Everything else
is the model's, byte for byte in what a cell holds.
"""

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree

from accessibility.auditing import NA, NC, NT, Audit, C, Line, site_status
from accessibility.criteria import known
from accessibility.exports.sheet import Sheet, sheets
from accessibility.sample import SAMPLE, number

MODEL = Path(__file__).parents[1] / "rgaa_model" / "modele-de-grille-d-audit.ods"
CONTENT = "content.xml"
FIRST_PAGE, FIRST_CRITERION = 9, 4  # rows of Échantillon and of Pnn
STATUS, DEROGATION, CHANGES, REASON = 4, 5, 6, 7  # columns of Pnn
LONGEST = 2_000  # signs of a comment: what a person reads in a cell
_BASE_FIRST, _BASE_PAGES, _BASE_COUNTS, _BASE_SITE = 3, 4, 24, 28
_BASE_TOTALS = {C: 122, NC: 123, NA: 124}
_BASE_RATE, _SUMMARY_SUM = 125, 17
_SUMMARY = ((6, C, 0), (7, NC, 1), (8, NA, 2), (10, NT, 3))  # row 9 is broken in the model itself
_LEFT = "Pourcentage indisponible : il reste {} critère(s) NT."


@dataclass(frozen=True)
class Head:
    """Who audited what: cells B3 to B6 of « Échantillon ». `site`: addresses begin with it."""

    day: str
    auditor: str
    name: str
    site: str
    context: str = "Auto-évaluation"


def write(
    audit: Audit, head: Head, path: Path, derogations: Mapping[str, str] | None = None
) -> None:
    """The whole grid. `derogations`: by criterion, which content and why."""
    with zipfile.ZipFile(MODEL) as model:
        content = etree.fromstring(model.read(CONTENT))
        by_name = sheets(content)
        _sample(by_name["Échantillon"], head)
        for page in SAMPLE:
            sheet = by_name[number(page)]
            sheet.write(2, 1, f"{page.title} : {head.site}{page.address}")
            for row, line in enumerate(audit.of_page(page), FIRST_CRITERION):
                _line(sheet, row, line, derogations or {})
        _base(by_name["BaseDeCalcul"], audit)
        _summary(by_name["Synthèse"], by_name["BaseDeCalcul"], audit)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as filled:
            for entry in model.infolist():
                told = _serialised(content) if entry.filename == CONTENT else model.read(entry)
                filled.writestr(entry, told, entry.compress_type)


def comment(line: Line) -> str:
    """What is wrong, or how the verdict came about."""
    if not line.findings:
        return line.note
    told = [
        f"{each.tool}, {each.rule} : {each.what} {each.where}".strip() for each in line.findings
    ]
    text = "\n".join(told)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _sample(sheet: Sheet, head: Head) -> None:
    for row, value in enumerate((head.day, head.auditor, head.context, head.name), 3):
        sheet.write(row, 2, value)
    for row, page in enumerate(SAMPLE, FIRST_PAGE):
        sheet.write(row, 2, page.title)
        sheet.write(row, 3, f"{head.site}{page.address}")


def _line(sheet: Sheet, row: int, line: Line, derogations: Mapping[str, str]) -> None:
    sheet.write(row, STATUS, line.status)
    sheet.write(row, CHANGES, _writable(comment(line)))
    if reason := derogations.get(line.criterion):
        sheet.write(row, DEROGATION, "D")
        sheet.write(row, REASON, _writable(reason))


def _base(sheet: Sheet, audit: Audit) -> None:
    """What the sheet of calculations comes to. A theme's total stands in the row after it."""
    row, themes = _BASE_FIRST, [facts["theme"] for facts in known().values()]
    counts: list[list[int]] = []
    for at, criterion in enumerate(known()):
        statuses = [line.status for line in audit.of_criterion(criterion)]
        for column, status in enumerate(statuses, _BASE_PAGES):
            sheet.write(row, column, status)
        counts.append([statuses.count(each) for each in (C, NC, NA, NT)])
        _counted(sheet, row, counts[-1])
        sheet.write(row, _BASE_SITE, site_status(statuses))
        row += 1
        if at + 1 == len(themes) or themes[at + 1] != themes[at]:
            _counted(sheet, row, [sum(each) for each in zip(*counts, strict=True)])
            counts, row = [], row + 1
    for column, page in enumerate(SAMPLE, _BASE_PAGES):
        statuses = [line.status for line in audit.of_page(page)]
        for status, total in _BASE_TOTALS.items():
            sheet.write(total, column, statuses.count(status))
        met, failed = statuses.count(C), statuses.count(NC)
        sheet.write(_BASE_RATE, column, met / (met + failed) if met + failed else NA)
    sheet.write(_BASE_RATE, _BASE_COUNTS, "ok" if met and failed else "ko")  # the last page's


def _counted(sheet: Sheet, row: int, counts: list[int]) -> None:
    for column, count in enumerate(counts, _BASE_COUNTS):
        sheet.write(row, column, count)


def _summary(sheet: Sheet, base: Sheet, audit: Audit) -> None:
    for row, status, place in _SUMMARY:
        for column in range(3, 16):
            source = sheet.formula(row, column).rpartition(".")[2].strip("$]ABXYZ").lstrip("$")
            sheet.write(row, column, int(base.text(int(source), _BASE_COUNTS + place)))
        total = sum(line.status == status for line in audit.lines)
        sheet.write(row, _SUMMARY_SUM, total)
    left = len(audit.untested)
    for row, rate, digits in ((15, audit.rate, None), (18, audit.mean_rate, 1)):
        sheet.write(row, 2, _LEFT.format(left) if rate is None else _percentage(rate, digits))


def _percentage(rate: float, digits: int | None) -> str:
    told = rate if digits is None else round(rate, digits)
    return f"{told:.15g}".replace(".", ",") + "%"


def _writable(text: str) -> str:
    """Without the signs that XML has no place for."""
    return "".join(each for each in text if each.isprintable() or each in "\n\u00a0\u202f")


def _serialised(content: Any) -> bytes:
    return bytes(etree.tostring(content, xml_declaration=True, encoding="UTF-8"))
