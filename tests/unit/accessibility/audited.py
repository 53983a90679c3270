"""Audits of made-up verdicts, for the tests of what is written from them."""

from accessibility.auditing import Audit, audit
from accessibility.criteria import CONFORM, FAILED, NOT_APPLICABLE, Verdict, known
from accessibility.finding import Finding
from accessibility.sample import SAMPLE

FAULT = Finding("axe", "image-alt", "pas d’alternative\x02", "img", ("1.1",))


def verdicts(*, without: str = "", failing: str = "") -> list[Verdict]:
    """Of every state of the sample, but for the state `without`: tables and media do not apply,
    the rest is met, and 1.1 fails on the state `failing`."""
    told = []
    for state in (state for page in SAMPLE for state in page.states if state != without):
        for criterion in known():
            absent = criterion.startswith(("4.", "5."))
            status, faults = NOT_APPLICABLE if absent else CONFORM, ()
            if criterion == "1.1" and state == failing:
                status, faults = FAILED, (FAULT,)
            told.append(Verdict(criterion, state, status, "contrôlé par outils", faults))
    return told


def whole(failing: str = "") -> Audit:
    """Every line decided by tools, whatever people judged."""
    return audit(verdicts(failing=failing), {})
