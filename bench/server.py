"""The portal as it is served: gunicorn, a migrated database, a real SMTP sink, a browser."""

import email
import email.policy
import http.client
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from aiosmtpd.controller import Controller

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
SECRET = "the secret key of the benchmarks, long enough"


class Sink:
    """Keeps the mails that arrive, by address."""

    def __init__(self) -> None:
        self._mails: dict[str, list[str]] = defaultdict(list)
        self._arrived = threading.Condition()

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        text = message.get_body(("plain",)).get_content().replace("\r", "")
        with self._arrived:
            self._mails[envelope.rcpt_tos[0]].append(text)
            self._arrived.notify_all()
        return "250 OK"

    def wait_for(self, address: str, pattern: str, seconds: float = 60) -> str:
        """What `pattern` finds in the next mail to this address."""
        end = time.monotonic() + seconds
        with self._arrived:
            while not self._mails[address]:
                if not self._arrived.wait(end - time.monotonic()):
                    raise TimeoutError(f"no mail for {address}")
            return re.search(pattern, self._mails[address].pop(0), re.MULTILINE)[0]


class Browser:
    """A visitor without scripts: cookies, forms, gzip."""

    def __init__(self, port: int):
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._cookies: dict[str, str] = {}
        self._token = ""

    def request(self, method: str, path: str, fields: dict | None = None, **headers: str):
        """Send it; returns (status, headers, raw body), keeps cookies and the form's token."""
        body = urlencode({"csrf_token": self._token, **fields}) if fields is not None else None
        sent = {"Cookie": "; ".join(f"{k}={v}" for k, v in self._cookies.items()), **headers}
        if body is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
            self._connection.close()  # the server may have hung up on an idle connection
        self._connection.request(method, path, body, sent)
        answer = self._connection.getresponse()
        raw = answer.read()
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = line.split(";")[0].partition("=")
            self._cookies[name] = value
        if found := re.search(rb'name="csrf_token" value="([^"]+)"', raw):
            self._token = found[1].decode()
        return answer.status, answer.headers, raw


@contextmanager
def portal(**environment: str) -> Iterator[tuple[int, Sink, Path]]:
    """A running portal: its port, its sink, its database file (SQLite)."""
    sink = Sink()
    controller = Controller(sink, hostname="127.0.0.1", port=free_port())
    controller.start()
    with tempfile.TemporaryDirectory() as folder:
        port, database = free_port(), Path(folder) / "portal.sqlite3"
        env = {
            **{k: v for k, v in os.environ.items() if k not in ("DEMO", "PORT")},
            "SECRET_KEY": SECRET,
            "PUBLIC_URL": f"http://127.0.0.1:{port}",
            "PORT": str(port),
            "MAIL_SERVER": "127.0.0.1",
            "MAIL_PORT": str(controller.port),
            "DATABASE_URL": f"sqlite:///{database}",
            **environment,
        }
        subprocess.run(
            [BIN / "flask", "database", "upgrade"],
            cwd=ROOT,
            env=env,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        server = subprocess.Popen(
            [BIN / "gunicorn", "wsgi:app", "--log-level", "warning"], cwd=ROOT, env=env
        )
        try:
            _wait_until_it_answers(port)
            yield port, sink, database
        finally:
            server.terminate()
            server.wait(30)
            controller.stop()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_it_answers(port: int) -> None:
    for _ in range(300):
        try:
            if Browser(port).request("GET", "/sante")[0] == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("the portal does not answer")
