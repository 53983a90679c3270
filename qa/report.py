"""The result of a run: a page to read, JUnit XML for machines."""

import xml.etree.ElementTree as ET
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from qa.runner import FAILED, LEFT, PASSED, SKIPPED, Options, Outcome, Played
from webapp.rules.typography import french


def write(played: list[Played], options: Options, seconds: float, when: str) -> Path:
    """`index.html` and `junit.xml` in the run's folder; returns the page."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined
    )
    environment.filters["french"] = french
    outcomes = [each for one in played for each in one.outcomes]
    counts = {
        verdict: sum(each.verdict == verdict for each in outcomes)
        for verdict in (PASSED, FAILED, SKIPPED, LEFT)
    }
    page = options.out / "index.html"
    page.write_text(
        environment.get_template("report.html").render(
            played=played, options=options, seconds=seconds, when=when, counts=counts
        )
    )
    (options.out / "junit.xml").write_bytes(_junit(played))
    return page


def _junit(played: list[Played]) -> bytes:
    root = ET.Element("testsuites", name="flask qa run")
    for one in played:
        suite = ET.SubElement(
            root,
            "testsuite",
            name=f"{one.procedure.key} ({one.profile})",
            tests=str(len(one.outcomes)),
            failures=str(sum(each.verdict == FAILED for each in one.outcomes)),
            skipped=str(sum(each.verdict in (SKIPPED, LEFT) for each in one.outcomes)),
            time=f"{sum(each.seconds for each in one.outcomes):.3f}",
        )
        for each in one.outcomes:
            _case(suite, one, each)
    ET.indent(root)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _case(suite: ET.Element, one: Played, outcome: Outcome) -> None:
    step = outcome.step
    case = ET.SubElement(
        suite,
        "testcase",
        classname=one.procedure.key,
        name=f"{step.number} {step.title}",
        time=f"{outcome.seconds:.3f}",
    )
    if outcome.verdict == FAILED:
        ET.SubElement(case, "failure", message=outcome.remark)
    elif outcome.verdict != PASSED:
        ET.SubElement(case, "skipped", message=outcome.remark or outcome.verdict)
    if outcome.picture:
        ET.SubElement(case, "system-out").text = f"[[ATTACHMENT|{outcome.picture}]]"
