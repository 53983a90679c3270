"""The demonstration serves the portal and the desk, and ends both."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from webapp.settings import ROOT

PATIENCE = 60  # seconds


def two_free_ports() -> int:
    """The first of two that follow one another."""
    while True:
        with socket.create_server(("127.0.0.1", 0)) as first:
            port = first.getsockname()[1]
            try:
                socket.create_server(("127.0.0.1", port + 1)).close()
            except (OSError, OverflowError):
                continue
            return int(port)


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://localhost:{port}/sante", timeout=5) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def within(seconds: float, condition) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.1)
    return False


def test_both_are_served_and_both_end_with_it(sqlite_template: Path) -> None:
    port = two_free_ports()
    environment = {
        "PATH": os.environ["PATH"], "DEMO": "1", "PORT": str(port), "WEB_CONCURRENCY": "1",
        "DATABASE_URL": f"sqlite:///{sqlite_template}",
    }  # fmt: skip
    served = subprocess.Popen(
        [sys.executable, "-m", "demo.serve"], cwd=ROOT, env=environment,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        assert within(PATIENCE, lambda: answers(port) and answers(port + 1))
        served.send_signal(signal.SIGTERM)
        assert served.wait(PATIENCE) == 0
        assert not answers(port) and not answers(port + 1)
    finally:
        served.kill()
