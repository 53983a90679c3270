"""Counts of requests, of one process and of all processes of a server."""

import os
import subprocess
import sys
from pathlib import Path

from webapp.adapters.metrics.requests import RequestMetrics
from webapp.services.kernel.gauges import Figures
from webapp.settings import ROOT

NOTHING = Figures({"ready": 0}, 0, {}, {}, {})
COUNTS_IN_CHILDREN = """
import os
from webapp.adapters.metrics.requests import RequestMetrics
from webapp.services.kernel.gauges import Figures

metrics = RequestMetrics()
for seconds in (0.02, 0.2):
    if (child := os.fork()) == 0:
        metrics.count("sign_in.page", 200, seconds)
        os._exit(0)
    os.waitpid(child, 0)
print(metrics.text(Figures({"ready": 0}, 0, {}, {}, {})).decode())
"""


def test_a_request_is_counted_by_its_door_its_answer_and_its_time() -> None:
    metrics = RequestMetrics()
    metrics.count("sign_in.page", 200, 0.02)
    metrics.count("sign_in.page", 422, 0.3)
    text = metrics.text(NOTHING).decode()
    assert 'portal_requests_total{endpoint="sign_in.page",status="200"} 1.0' in text
    assert 'portal_requests_total{endpoint="sign_in.page",status="422"} 1.0' in text
    assert 'portal_request_seconds_bucket{le="0.025"} 1.0' in text
    assert 'portal_request_seconds_bucket{le="0.5"} 2.0' in text
    assert "portal_request_seconds_count 2.0" in text


def test_what_the_database_says_stands_beside_it() -> None:
    mails, events = {"ready": 3, "sent": 1}, {"signed_in": 5}
    figures = Figures(mails, 12, events, {"relay": 2}, {"failed": 1})
    text = RequestMetrics().text(figures).decode()
    assert 'portal_letters{state="ready"} 3.0' in text
    assert "portal_oldest_letter_seconds 12.0" in text
    assert 'portal_mails_delayed{by="relay"} 2.0' in text
    assert 'portal_mail_outcomes{outcome="failed"} 1.0' in text
    assert 'portal_events_last_hour{event="signed_in"} 5.0' in text


def test_the_desk_s_signs_stand_there_where_there_is_a_desk() -> None:
    figures = Figures({}, 0, {}, {}, {}, desk={"night": 2})
    told = RequestMetrics()
    assert 'portal_desk_most_last_hour{sign="night"} 2.0' in told.text(figures).decode()
    assert "portal_desk_most_last_hour{" not in told.text(NOTHING).decode()


def test_the_processes_of_a_server_are_added_up_those_that_ended_too(tmp_path: Path) -> None:
    variables = {"PATH": os.environ["PATH"], "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    text = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", COUNTS_IN_CHILDREN],
        cwd=ROOT, env=variables, capture_output=True, text=True, timeout=60, check=True,
    ).stdout  # fmt: skip
    assert 'portal_requests_total{endpoint="sign_in.page",status="200"} 2.0' in text
    assert 'portal_request_seconds_bucket{le="0.025"} 1.0' in text
    assert "portal_request_seconds_count 2.0" in text
    assert text.endswith("# EOF\n\n")
