"""The server of production, as the README starts it."""

import os
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

from player import members
from player.members import ODILE
from player.post_office import PostOffice
from player.world import test_settings
from webapp.adapters.world import real_world
from webapp.models.engine import open_engine
from webapp.services.kernel.work import Work
from webapp.settings import ROOT


class Production:
    """`gunicorn wsgi:app` as the README starts it, with a database and a mail server of its own."""

    def __init__(self, folder: Path):
        self.post_office = PostOffice()
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.url, self._log = f"http://127.0.0.1:{port}", folder / "gunicorn.log"
        self._settings = test_settings(
            public_url=self.url,
            mail_port=self.post_office.port,
            database_url=f"sqlite:///{folder / 'portal.sqlite3'}",
        )
        names = (
            "secret_key", "public_url", "mail_server", "mail_port", "database_url",
            "argon2_time_cost", "argon2_memory_cost",
        )  # fmt: skip
        self._environment = {
            "PATH": os.environ["PATH"],
            "PORT": str(port),
            "WEB_CONCURRENCY": "1",
            **{name.upper(): str(getattr(self._settings, name)) for name in names},
        }

    @property
    def log(self) -> str:
        """All that the server has written so far."""
        return self._log.read_text(encoding="utf-8")

    def __enter__(self) -> "Production":
        self.post_office.open()
        self._run("flask", "database", "upgrade").wait(60)
        engine = open_engine(self._settings.database_url)
        work = Work(engine, real_world(self._settings))
        members.on_the_roll(work, ODILE)
        work.close(commit=True)
        engine.dispose()
        self._server = self._run("gunicorn", "wsgi:app")
        self._wait_until_healthy()
        return self

    def __exit__(self, *_exc: object) -> None:
        self._server.terminate()
        self._server.wait(30)
        self.post_office.close()

    def _run(self, *command: str) -> subprocess.Popen[bytes]:
        program = str(Path(sys.executable).parent / command[0])
        with self._log.open("ab") as log:
            return subprocess.Popen(
                [program, *command[1:]], cwd=ROOT, env=self._environment, stdout=log, stderr=log
            )

    def _wait_until_healthy(self) -> None:
        for _ in range(300):
            try:
                with urllib.request.urlopen(f"{self.url}/sante", timeout=5) as answer:
                    assert answer.status == 200
                    return
            except OSError:
                if self._ended_within(0.1):
                    break
        raise AssertionError(self.log)

    def _ended_within(self, seconds: float) -> bool:
        """Whether the server gave up; waits so long for it."""
        try:
            self._server.wait(seconds)
        except subprocess.TimeoutExpired:  # it is still starting
            return False
        return True
