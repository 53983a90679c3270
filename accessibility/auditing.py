"""The audit: each criterion on each page of the sample, from what tools found and people judged.

C, NC, NA and NT as the official grid has them. A fault found by a tool fails the page. What is for a
person (audit/) is as the person judged; what nobody judged, or judged of another screen, is NT.
What was not played is NT too.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from accessibility import judgements
from accessibility.criteria import CONFORM, FAILED, NOT_APPLICABLE, TO_CHECK, Verdict, known
from accessibility.finding import Finding
from accessibility.judgements import Judgement
from accessibility.sample import SAMPLE, Page

C, NC, NA, NT = "C", "NC", "NA", "NT"
_OF_TOOLS = {CONFORM: C, FAILED: NC, NOT_APPLICABLE: NA, TO_CHECK: NT}
_ORDER = (NC, NT, C, NA)  # over the states of a page, the first of these that one has


@dataclass(frozen=True)
class Line:
    """One criterion on one page. `note`: how it was decided, or what is left to do."""

    criterion: str
    page: Page
    status: str
    note: str
    findings: tuple[Finding, ...] = ()
    by_person: bool = False


@dataclass(frozen=True)
class Audit:
    """All lines, 106 a page, in the order of the grid."""

    lines: tuple[Line, ...]

    def of_page(self, page: Page) -> list[Line]:
        """In the order of the criteria."""
        return self._by_page[page.key]

    def of_criterion(self, criterion: str) -> list[Line]:
        """In the order of the sample."""
        return self._by_criterion[criterion]

    @cached_property
    def _by_page(self) -> dict[str, list[Line]]:
        return _grouped(self.lines, lambda line: line.page.key)

    @cached_property
    def _by_criterion(self) -> dict[str, list[Line]]:
        return _grouped(self.lines, lambda line: line.criterion)

    @property
    def statuses(self) -> dict[str, str]:
        """Over the site, as the grid's own formula says: NC, else C, else NT, else NA."""
        return {
            each: site_status([line.status for line in self.of_criterion(each)]) for each in known()
        }

    @property
    def untested(self) -> list[Line]:
        """Lines that nobody has judged."""
        return [each for each in self.lines if each.status == NT]

    @property
    def rate(self) -> float | None:
        """Of the criteria that apply, how many in a hundred are met; none while one is left."""
        return None if self.untested else _rate(list(self.statuses.values()))

    @property
    def mean_rate(self) -> float | None:
        """The mean of the pages' rates; none while a criterion is left."""
        rates = [_rate([line.status for line in self.of_page(page)]) for page in SAMPLE]
        told = [each for each in rates if each is not None]
        return None if self.untested or not told else sum(told) / len(told)


def site_status(statuses: list[str]) -> str:
    """The formula of the sheet BaseDeCalcul."""
    return next((each for each in (NC, C, NT) if each in statuses), NA)


def audit(
    verdicts: Iterable[Verdict], judged: dict[tuple[str, str], Judgement] | None = None
) -> Audit:
    """What is known of the sample; `judged`: what stands in audit/ unless told."""
    people = judgements.judged() if judged is None else judged
    for_people = {criterion for criterion, _page in people}
    by_place: dict[tuple[str, str], Verdict] = {(e.criterion, e.state): e for e in verdicts}
    lines = []
    for page in SAMPLE:
        for criterion in known():
            found = [by_place.get((criterion, state)) for state in page.states]
            judgement = people.get((criterion, page.key))
            lines.append(_line(criterion, page, found, judgement, criterion in for_people))
    return Audit(tuple(lines))


def _grouped(lines: Iterable[Line], name: Callable[[Line], str]) -> dict[str, list[Line]]:
    told: dict[str, list[Line]] = {}
    for each in lines:
        told.setdefault(name(each), []).append(each)
    return told


def _line(
    criterion: str,
    page: Page,
    found: list[Verdict | None],
    judgement: Judgement | None,
    for_people: bool,
) -> Line:
    played = [each for each in found if each is not None]
    broken = tuple(dict.fromkeys(fault for each in played for fault in each.findings))
    if broken:
        return Line(criterion, page, NC, "; ".join(dict.fromkeys(e.note for e in played)), broken)
    if len(played) < len(found):
        return Line(criterion, page, NT, "Pas joué cette fois.")
    tools = min((_OF_TOOLS[each.status] for each in played), key=_ORDER.index)
    if judgement and (judgement.holds or tools != NA):
        status = judgement.verdict if judgement.holds else NT
        return Line(criterion, page, status, judgement.told, by_person=True)
    if for_people and tools != NA:
        return Line(criterion, page, NT, "À vérifier par une personne.")
    return Line(criterion, page, tools, "; ".join(dict.fromkeys(_note(e) for e in played)))


def _note(verdict: Verdict) -> str:
    return verdict.note[:1].upper() + verdict.note[1:]


def _rate(statuses: list[str]) -> float | None:
    met, failed = statuses.count(C), statuses.count(NC)
    return 100 * met / (met + failed) if met + failed else None
