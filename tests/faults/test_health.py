"""The checks of the samples, as they stand there, against a portal with a real PUBLIC_URL."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.portal import Host, Portal
from webapp.settings import ROOT

TOKEN = "a-token-of-the-faults-long-and-random-enough"
SAMPLE = (ROOT / "deploy" / "Containerfile").read_text()


class Everywhere(Host):
    """Served as the image does: on every address of the machine."""

    serves, ready, bound = "wsgi:app", "/sante", "0.0.0.0"


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Portal]:
    database = f"sqlite:///{tmp_path / 'portal.sqlite3'}"
    portal = Portal(
        tmp_path, database, PUBLIC_URL="https://espace.example.org", METRICS_TOKEN=TOKEN
    )
    portal.first = Everywhere(portal, "everywhere")
    portal.hosts = [portal.first]
    yield portal
    portal.close()


def container_s_check(port: int) -> int:
    """The exit status of the Containerfile's own HEALTHCHECK, on this port."""
    words = json.loads(re.findall(r"^HEALTHCHECK CMD (.*)$", SAMPLE, re.MULTILINE)[0])
    assert words[0] == ".venv/bin/python" and ":8000/" in words[-1]
    command = [sys.executable, *words[1:-1], words[-1].replace(":8000/", f":{port}/")]
    return subprocess.run(command, stderr=subprocess.DEVNULL, check=False).returncode


def test_health_and_metrics_answer_on_the_machine_itself(served: Portal) -> None:
    assert container_s_check(served.first.port) == 1, "nobody is there yet"
    served.first.start()
    assert container_s_check(served.first.port) == 0
    assert served.first.counted(TOKEN) >= 1
