"""`flask qa run` as a tester types it: in a process of its own, which may be ended midway."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from player.members import ODILE
from tests.trials import checked_ctrf, checked_junit
from webapp.settings import ROOT

EMAIL = f"qa-{ODILE.number}@example.org"
MEMBER = f"{ODILE.number}:{ODILE.access_code}"
PATIENCE = 60  # seconds


class Neighbours(BaseHTTPRequestHandler):
    """Mailpit, which has the stage's mails, and Squash TM, which records what it is sent."""

    def do_GET(self) -> None:
        mails = self.server.post_office.received(EMAIL)
        if self.path.startswith("/api/v1/messages"):
            listed = [{"ID": str(at), "To": [{"Address": EMAIL}]} for at, _ in enumerate(mails)]
            self._answer(json.dumps({"messages": listed[::-1]}).encode())
        else:
            mail, message = mails[int(self.path.split("/")[-2])], EmailMessage()
            message["From"], message["To"], message["Subject"] = mail.sender, mail.to, mail.subject
            message.set_content(mail.text)
            message.add_alternative(mail.html, subtype="html")
            self._answer(message.as_bytes())

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.pushed.append((self.path, self.headers["Authorization"], body))
        self._answer(b"", 204)

    def _answer(self, body: bytes, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def neighbours(stage):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Neighbours)
    server.post_office, server.pushed = stage.post_office, []
    server.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def start(stage, neighbours, tmp_path):
    """`start(*options)`: the command, under way; every report goes to `tmp_path / "out"`."""
    stage.sends_letter_to()
    started = []

    def run(*options: str) -> subprocess.Popen:
        command = [str(Path(sys.executable).parent / "flask"), "qa", "run"]
        command += ["--base-url", stage.url, "--mails", "mailpit", "--mail-url", neighbours.url]
        command += ["--out", str(tmp_path / "out"), *options]
        for each in ("junit", "ctrf", "squash", "html"):
            command += ["--report", each]
        settings = {"QA_MEMBER": MEMBER, "QA_SQUASH_TOKEN": "un-jeton"}
        settings |= {each: os.environ[each] for each in ("CHROMIUM", "HOME") if each in os.environ}
        process = subprocess.Popen(
            command, cwd=ROOT, env=settings, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        started.append(process)
        return process

    yield run
    for process in started:
        process.kill()
        process.communicate()


def statuses(out: Path) -> list[str]:
    checked_junit(out / "junit.xml")
    return [each["status"] for each in checked_ctrf(out / "ctrf.json")["results"]["tests"]]


def after(process: subprocess.Popen, step: str) -> None:
    """Read what the run says, up to the line on this step."""
    for line in process.stdout:
        if step in line:
            return
    raise AssertionError(process.stderr.read())


def test_a_run_writes_every_report_and_sends_what_it_was_told_to(start, neighbours, tmp_path):
    call = "/squash/api/rest/latest/import/results/42"
    process = start("--push", neighbours.url + call)
    told, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, (told, errors)
    out = tmp_path / "out"
    assert statuses(out) == ["passed"] * 12
    sent = (out / "squash.json").read_bytes()
    assert neighbours.pushed == [(call, "Bearer un-jeton", sent)]
    results = json.loads(sent)["tests"]
    assert [(each["reference"], each["status"]) for each in results] == [
        ("registration", "SUCCESS"),
        ("sign_in", "SUCCESS"),
    ]
    assert "un-jeton" not in told + errors and ODILE.access_code not in told + errors
    assert (out / "index.html").exists()


def test_a_run_told_to_end_still_gives_its_report(start, neighbours, tmp_path):
    process = start("--push", neighbours.url + "/import/results/42")
    after(process, "La création du compte")
    process.send_signal(signal.SIGTERM)
    told, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == 143, (told, errors)
    found = statuses(tmp_path / "out")
    assert found[:3] == ["passed"] * 3 and found[-6:] == ["pending"] * 6
    assert set(found) <= {"passed", "other", "pending"}
    assert "interrompu" in (tmp_path / "out" / "index.html").read_text()
    assert neighbours.pushed == [] and "Traceback" not in errors


def test_a_browser_that_dies_is_a_failure_of_its_step(start, tmp_path):
    process = start()
    after(process, "La création du compte")
    for each in descendants(process.pid):
        if "chrom" in command_of(each):
            with contextlib.suppress(ProcessLookupError):
                os.kill(each, signal.SIGKILL)
    told, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1, (told, errors)
    found = statuses(tmp_path / "out")
    assert found.count("failed") == 1 and found[-6:] == ["pending"] * 6
    assert "Traceback" not in errors


def descendants(pid: int) -> list[int]:
    """The processes that this one started, and those that they did."""
    found = []
    with contextlib.suppress(OSError):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            for child in (thread / "children").read_text().split():
                found += [int(child), *descendants(int(child))]
    return found


def command_of(pid: int) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text()
    return ""
