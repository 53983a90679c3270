"""CTRF, the Common Test Report Format (specification 0.0.0). A test is a step, as in JUnit."""

import json
import sys
import uuid
from datetime import UTC, datetime
from typing import Any

from qa.trial import FAILED, LEFT, PASSED, SKIPPED, STOPPED, Outcome, Played, Trial

STATUS = {
    PASSED: "passed",
    FAILED: "failed",
    SKIPPED: "skipped",
    LEFT: "pending",
    STOPPED: "other",
}


def written(trial: Trial) -> bytes:
    """`ctrf.json`."""
    told = {
        "reportFormat": "CTRF",
        "specVersion": "0.0.0",
        "reportId": str(uuid.uuid4()),
        "timestamp": trial.ended.astimezone(UTC).isoformat(timespec="seconds"),
        "generatedBy": "flask qa run",
        "results": {
            "tool": {"name": "flask qa run"},
            "summary": _summary(trial),
            "tests": [_test(trial, one, each) for one in trial.played for each in one.outcomes],
            "environment": {
                "appName": "Espace adhérents",
                "testEnvironment": trial.options.base_url,
                "osPlatform": sys.platform,
            },
        },
    }
    if trial.stopped:
        told["extra"] = {"stopped": trial.stopped}
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


def _summary(trial: Trial) -> dict[str, int]:
    start, stop = _moment(trial.begun), _moment(trial.ended)
    found = [STATUS[each.verdict] for each in trial.outcomes]
    return {
        "tests": len(found),
        **{status: found.count(status) for status in STATUS.values()},
        "suites": len(trial.played),
        "start": start,
        "stop": stop,
        "duration": stop - start,
    }


def _test(trial: Trial, one: Played, outcome: Outcome) -> dict[str, Any]:
    test: dict[str, Any] = {
        "testId": outcome.reference,
        "name": outcome.step.title,
        "status": STATUS[outcome.verdict],
        "rawStatus": outcome.verdict,
        "duration": round(outcome.seconds * 1_000),
        "suite": [one.procedure.key],
        "type": "e2e",
        "browser": trial.options.engine,
        "device": one.profile,
    }
    if outcome.remark:
        test["message"] = outcome.remark
    if outcome.picture:
        test["attachments"] = [_attached(outcome.picture, "image/png")]
    if outcome.verdict == FAILED and one.trace:
        test.setdefault("attachments", []).append(_attached(one.trace, "application/zip"))
    return test


def _attached(file: str, kind: str) -> dict[str, str]:
    return {"name": file, "contentType": kind, "path": file}


def _moment(when: datetime) -> int:
    """Milliseconds since 1970."""
    return round(when.timestamp() * 1_000)
