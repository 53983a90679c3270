"""All 106 criteria have a way to be decided, and a person who must look is told how."""

import pytest

from accessibility.checks.contrast import ratio
from accessibility.checks.sources import SCRIPT_RULES, STYLE_RULES, judge
from accessibility.criteria import (
    ABSENT,
    CONFORM,
    FAILED,
    NOT_APPLICABLE,
    RULES,
    TO_CHECK,
    known,
    summary,
    verdicts,
)
from accessibility.finding import Finding, Result
from accessibility.guide import GUIDE
from accessibility.statement import legal_state

FACTS = {"counts": dict.fromkeys(
    ("img", "informative", "figure", "iframe", "media", "object", "table", "fields", "groups",
     "radios", "select", "quote", "langs", "dir", "lists", "downloads", "search",
     "tooltip", "emoji"),
    0,
), "links": [], "buttons": [], "fields": []}  # fmt: skip


def looked_at(*findings: Finding, kind: str = "page") -> Result:
    """An empty page, with these faults."""
    return Result("vide", "Vide", kind, "x.html", list(findings), facts=FACTS)


def status(result: Result, criterion: str) -> str:
    return next(each.status for each in verdicts(result) if each.criterion == criterion)


def test_there_are_106_criteria_and_a_rule_for_each() -> None:
    assert len(known()) == 106
    assert list(RULES.keys() ^ known().keys()) == []


def test_each_criterion_that_needs_a_person_has_steps_and_what_is_right() -> None:
    for criterion, rule in RULES.items():
        if rule.decided:
            continue
        steps = GUIDE[criterion]
        assert steps.look, criterion
        assert all(each.endswith((".", "?", ")")) for each in steps.look), criterion
        assert steps.right.endswith("."), criterion


def test_no_steps_are_left_over() -> None:
    assert {each for each in GUIDE if each not in RULES} == set()


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_what_makes_it_not_applicable_can_be_seen(rule: object) -> None:
    assert rule.absent == "" or rule.absent in ABSENT  # type: ignore[attr-defined]


def test_a_fault_fails_its_criterion_whoever_else_must_look() -> None:
    fault = Finding("outil", "règle", "quoi", "", ("1.3", "8.2"))
    assert status(looked_at(fault), "1.3") == FAILED
    assert status(looked_at(fault), "8.2") == FAILED
    assert status(looked_at(fault), "8.1") == CONFORM


def test_what_is_not_on_the_page_is_not_applicable() -> None:
    assert status(looked_at(), "4.3") == NOT_APPLICABLE
    assert status(looked_at(), "11.1") == NOT_APPLICABLE
    assert status(looked_at(), "3.1") == TO_CHECK


def test_of_a_mail_nothing_is_asked_that_its_mail_program_owns() -> None:
    assert status(looked_at(kind="mail"), "12.7") == NOT_APPLICABLE


def test_one_failure_fails_the_criterion_everywhere() -> None:
    fault = Finding("outil", "règle", "quoi", "", ("8.2",))
    told = summary([*verdicts(looked_at()), *verdicts(looked_at(fault))])
    assert told["8.2"] == FAILED
    assert told["8.1"] == CONFORM


def test_contrast_is_counted_as_wcag_does() -> None:
    assert ratio((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert ratio((118, 118, 118), (255, 255, 255)) == pytest.approx(4.54, abs=0.01)
    assert ratio((9, 9, 9), (9, 9, 9)) == 1


@pytest.mark.parametrize(
    ("text", "rules", "criterion"),
    [
        ("x.addEventListener('keydown', f)", SCRIPT_RULES, "12.10"),
        ("x.addEventListener('pointerdown', f)", SCRIPT_RULES, "13.11"),
        (".tip:hover .more{display:block}", STYLE_RULES, "10.14"),
        ("a{outline:none}", STYLE_RULES, "10.7"),
    ],
)
def test_sources_are_read_for_what_they_must_not_do(text, rules, criterion) -> None:
    assert [each.criteria for each in judge("x", text, rules)] == [(criterion,)]
    assert judge("x", "// addEventListener('keydown'\n", rules) == []


def test_the_law_s_state_is_an_audit_s_and_none_is_not_conform() -> None:
    assert legal_state(None) == "non conforme"
    assert legal_state(49.9) == "non conforme"
    assert legal_state(99.9) == "partiellement conforme"
    assert legal_state(100) == "totalement conforme"
