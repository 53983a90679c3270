"""JUnit XML. A test case is a step; its classname and name, with a point between, are its
reference, by which TestRail and Xray know it again. A picture is told three times, for each of
these tools reads one way: TestRail a path, Xray the picture itself, Jenkins and GitLab a line of
the output.
"""

import xml.etree.ElementTree as ET

from qa.reports.pictures import in_base64
from qa.trial import FAILED, LEFT, PASSED, SKIPPED, STOPPED, Outcome, Played, Trial


def written(trial: Trial) -> bytes:
    """`junit.xml`."""
    root = ET.Element("testsuites", {"name": "flask qa run", **_sums(trial.outcomes)})
    shown: set[str] = set()
    for one in trial.played:
        suite = _suite(root, trial, one)
        for each in one.outcomes:
            case = _case(suite, each)
            # most procedures begin with the same steps: one picture of each is enough
            if each.picture and (each.reference not in shown or each.verdict == FAILED):
                shown.add(each.reference)
                _show(case, trial, each)
    ET.indent(root)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _sums(outcomes: list[Outcome]) -> dict[str, str]:
    return {
        "tests": str(len(outcomes)),
        "failures": str(sum(each.verdict == FAILED for each in outcomes)),
        "errors": "0",
        "time": f"{sum(each.seconds for each in outcomes):.3f}",
    }


def _suite(root: ET.Element, trial: Trial, one: Played) -> ET.Element:
    left = sum(each.verdict in (SKIPPED, STOPPED, LEFT) for each in one.outcomes)
    suite = ET.SubElement(
        root,
        "testsuite",
        {
            "name": f"{one.procedure.key} ({one.profile})",
            "timestamp": trial.begun.isoformat(timespec="seconds"),
            "skipped": str(left),
            **_sums(one.outcomes),
        },
    )
    properties = ET.SubElement(suite, "properties")
    _property(properties, "title", one.procedure.title)
    _property(properties, "base_url", trial.options.base_url)
    _property(properties, "engine", trial.options.engine)
    if trial.stopped:
        _property(properties, "stopped", trial.stopped)
    return suite


def _case(suite: ET.Element, outcome: Outcome) -> ET.Element:
    """What stands in it comes in the order of Xray's schema, the strictest."""
    classname, _, name = outcome.reference.partition(".")
    time = f"{outcome.seconds:.3f}"
    case = ET.SubElement(suite, "testcase", classname=classname, name=name, time=time)
    if outcome.verdict == FAILED:
        failure = ET.SubElement(case, "failure", message=outcome.remark, type="échec")
        failure.text = f"{outcome.step.do}\nDoit s’afficher : « {outcome.step.see} »"
    elif outcome.verdict != PASSED:
        ET.SubElement(case, "skipped").text = outcome.remark or outcome.verdict
    if outcome.picture:
        ET.SubElement(case, "system-out").text = f"[[ATTACHMENT|{outcome.picture}]]"
    properties = ET.SubElement(case, "properties")
    _property(properties, "title", outcome.step.title)
    _property(properties, "test_summary", outcome.step.title)
    if outcome.remark:
        _property(properties, "testrun_comment", outcome.remark)
    return case


def _show(case: ET.Element, trial: Trial, outcome: Outcome) -> None:
    """Add the picture where TestRail and Xray look for it."""
    properties = case.find("properties")
    assert properties is not None
    _property(properties, "testrail_attachment", outcome.picture)
    evidence = ET.SubElement(properties, "property", name="testrun_evidence")
    ET.SubElement(evidence, "item", name=outcome.picture).text = in_base64(trial, outcome)


def _property(properties: ET.Element, name: str, value: str) -> None:
    ET.SubElement(properties, "property", name=name, value=value)
