"""ara.json is sent as Ara takes it: a stand-in that numbers pages as Ara does notes each call."""

import json
import threading
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.error import HTTPError

import pytest

from accessibility import statement
from accessibility.exports import ara
from accessibility.exports.grid import Head
from accessibility.exports.send_to_ara import send
from accessibility.sample import SAMPLE
from tests.unit.accessibility.audited import whole

HEAD = Head("30/11/2026", "Équipe", "Espace", "http://localhost:8000")


class StandIn(BaseHTTPRequestHandler):
    """Answers as confiture-rest-api does, as far as the calls need it."""

    calls: list[tuple[str, str, Any]]
    refuses = ""

    def answer(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.calls.append((self.command, self.path, body))
        refused = self.refuses and self.path.endswith(self.refuses)
        pages = [{"id": 700 - at, "order": at} for at in range(len(SAMPLE))]
        told = {"editUniqueId": "edit1", "consultUniqueId": "seen1", "pages": pages[::-1]}
        self.send_response(400 if refused else 201 if self.command == "POST" else 200)
        self.end_headers()
        self.wfile.write(json.dumps(told).encode() if self.command == "POST" else b"")

    do_POST = do_PUT = do_PATCH = answer  # noqa: N815 - http.server's names

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def stand_in() -> Iterator[tuple[str, type[StandIn]]]:
    handler = type("Fresh", (StandIn,), {"calls": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/", handler
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    audited = whole(failing="plan")
    figures = statement.figures(audited, [], ["axe-core 4"], {}, date(2026, 11, 30))
    return ara.bodies(audited, HEAD, figures, "accessibilite@example.org")


def test_four_calls_make_an_audit_whose_results_name_ara_s_own_pages(stand_in, told) -> None:
    url, handler = stand_in
    assert send(told, url, "odile@example.org") == {"edit": "edit1", "consult": "seen1"}
    assert [call[:2] for call in handler.calls] == [
        ("POST", "/api/audits"),
        ("PUT", "/api/audits/edit1"),
        ("PATCH", "/api/audits/edit1/results"),
        ("PUT", "/api/audits/edit1/statement"),
    ]
    made, changed, results, _ = (call[2] for call in handler.calls)
    assert made["auditorEmail"] == changed["auditorEmail"] == "odile@example.org"
    assert [page["id"] for page in changed["pages"]] == [700 - at for at in range(len(SAMPLE))]
    failed = [each for each in results["data"] if each["status"] == "NOT_COMPLIANT"]
    assert [(each["pageId"], each["topic"], each["criterium"]) for each in failed] == [(696, 1, 1)]


def test_a_call_that_is_refused_is_the_last(stand_in, told) -> None:
    url, handler = stand_in
    handler.refuses = "/results"
    with pytest.raises(HTTPError):
        send(told, url)
    assert len(handler.calls) == 3
