"""The body of Squash TM's call `import/results`. A test is a whole case: a procedure.

Procedures that were played only because they lead to another have their result too; one that was
played several times has its worst.
"""

import json
from typing import Any

from qa.reports.pictures import in_base64
from qa.trial import FAILED, LEFT, PASSED, SKIPPED, STOPPED, Outcome, Trial

# the worst first; BLOCKED is what could not be tried, here or because a step before it failed
_STATUS = {
    FAILED: "FAILURE",
    STOPPED: "CANCELLED",
    SKIPPED: "BLOCKED",
    LEFT: "READY",
    PASSED: "SUCCESS",
}
_WORST_FIRST = ("FAILURE", "CANCELLED", "BLOCKED", "READY", "SUCCESS")


def written(trial: Trial) -> bytes:
    """`squash.json`."""
    cases: dict[str, list[list[Outcome]]] = {}
    for one in trial.played:
        for each in (*one.procedure.after, one.procedure):
            mine = [outcome for outcome in one.outcomes if outcome.procedure is each]
            cases.setdefault(each.key, []).append(mine)
    tests = [_test(trial, key, plays) for key, plays in cases.items()]
    told = {"automated_test_suite": {"attachments": []}, "tests": tests}
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


def _test(trial: Trial, key: str, plays: list[list[Outcome]]) -> dict[str, Any]:
    told = min(plays, key=lambda play: _WORST_FIRST.index(_status(trial, play)))
    test: dict[str, Any] = {
        "reference": key,
        "status": _status(trial, told),
        "duration": round(sum(each.seconds for each in told) * 1_000),
        "attachments": [
            {"name": each.picture, "content": in_base64(trial, each)}
            for each in told
            if each.picture
        ],
    }
    failed = [each for each in told if each.verdict == FAILED]
    if failed:
        test["failure_details"] = [f"{each.reference} : {each.remark}" for each in failed]
    return test


def _status(trial: Trial, play: list[Outcome]) -> str:
    found = {each.verdict for each in play}
    if found == {LEFT}:  # what leads to it failed, or the run ended before it
        return "READY" if trial.stopped else "BLOCKED"
    if found == {LEFT, PASSED}:
        return "CANCELLED" if trial.stopped else "BLOCKED"
    return next(status for verdict, status in _STATUS.items() if verdict in found)
