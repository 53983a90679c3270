"""`deploy/restart`: a wrong setting or a host that does not come back leaves the others serving."""

import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from webapp.settings import ROOT

GIVEN = """\
SECRET_KEY=the secret key of the tests, long enough
PUBLIC_URL=https://espace.example.org
MAIL_SERVER=smtp.example.org
"""
SYSTEMCTL = '#!/bin/sh\necho "$@" >> "$HOME/done"\n'


@dataclass
class Machine:
    """Its gunicorns answer /sante with the status of `health`, by port."""

    folder: Path
    health: dict[int, int] = field(default_factory=dict)

    def restart(self, **more: str) -> "subprocess.CompletedProcess[str]":
        settings = GIVEN + f"DATABASE_URL=sqlite:///{self.folder}/portal.sqlite3\n"
        settings += "".join(f"{name}={value}\n" for name, value in more.items())
        (self.folder / "settings").write_text(settings)
        (self.folder / "settings").chmod(0o600)
        user = "root" if os.geteuid() == 0 else ""
        return subprocess.run(
            [ROOT / "deploy" / "restart", *map(str, self.health)],
            env={
                "PATH": f"{self.folder}:{os.environ['PATH']}", "HOME": str(self.folder),
                "PORTAL_SETTINGS": str(self.folder / "settings"), "PORTAL_USER": user,
            },
            capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip

    @property
    def done(self) -> list[str]:
        file = self.folder / "done"
        return file.read_text().splitlines() if file.exists() else []


@pytest.fixture
def machine(tmp_path: Path, sqlite_template: Path) -> Iterator[Machine]:
    shutil.copy(sqlite_template, tmp_path / "portal.sqlite3")
    (tmp_path / "systemctl").write_text(SYSTEMCTL)
    (tmp_path / "systemctl").chmod(0o755)
    made = Machine(tmp_path)

    class Health(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(made.health[self.server.server_port])
            self.end_headers()

        def log_message(self, *_said: object) -> None:
            pass

    servers = [HTTPServer(("127.0.0.1", 0), Health) for _ in range(2)]
    for each in servers:
        made.health[each.server_port] = 200
        threading.Thread(target=each.serve_forever, daemon=True).start()
    yield made
    for each in servers:
        each.shutdown()
        each.server_close()


def test_one_after_the_other_and_the_mails_last(machine: Machine) -> None:
    told = machine.restart()
    assert (told.returncode, told.stdout) == (0, ""), told.stderr
    first, second = machine.health
    web = [f"restart portal-web@{port}" for port in (first, second)]
    assert machine.done == [*web, "restart portal-mail"]


def test_one_that_does_not_answer_is_the_last_that_is_touched(machine: Machine) -> None:
    first, _ = machine.health
    machine.health[first] = 404  # what curl does not try again, so that the test is short
    told = machine.restart()
    assert told.returncode == 1
    assert f"portal-web@{first} ne répond pas" in told.stderr
    assert machine.done == [f"restart portal-web@{first}"]


def test_a_wrong_setting_is_told_before_anything_stops(machine: Machine) -> None:
    told = machine.restart(WEB_CONCURRENCY="abc")
    assert told.returncode == 2
    assert told.stderr.startswith("WEB_CONCURRENCY must be a whole number") and machine.done == []
