"""A portal as operators run it: gunicorn processes, a migrated database, a relay with moods."""

import contextlib
import http.client
import itertools
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, func, select

from player import members
from player.members import Letter
from player.world import PASSWORD, test_settings
from tests.faults.relay import HOST, Relay
from webapp.adapters.world import real_world
from webapp.models import JournalEntry, OutboxMail, schema
from webapp.models.engine import open_engine
from webapp.services.kernel.work import Work
from webapp.settings import ROOT

BIN = Path(sys.executable).parent
SECRET = "the secret key of the faults and long enough"
PATIENCE = 60.0  # a loaded machine is slow, not broken
_numbers = itertools.count(int(time.time() * 1000) % 10**9 * 1000)
_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_letter() -> Letter:
    """A letter that nobody had before."""
    number = next(_numbers)
    code = "".join(_SIGNS[number >> (5 * at) & 31] for at in range(12))
    return Letter(f"{number:014d}", code, f"m{number}@example.org")


def free_port(address: str = HOST) -> int:
    """A port of this address that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((address, 0))
        return int(probe.getsockname()[1])


def wait_until(true: Callable[[], Any], seconds: float = PATIENCE, what: str = "") -> None:
    """Until it is so; it must be, within that time."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, what or f"{true} did not come true"
        time.sleep(0.02)


class Host:
    """One gunicorn of a portal: its port, its clock, its log. `home` is the code that it runs,
    `ready` a page that answers once it serves, `bound` where it listens."""

    home, serves, ready, bound = ROOT, "tests.faults.wsgi:app", "/robots.txt", HOST

    def __init__(self, portal: "Portal", name: str, **environment: str):
        self.port = free_port(self.bound)
        self.log = portal.folder / f"{name}.log"
        self._clock = portal.folder / f"{name}.clock"
        self.advance(0)
        self._environment = portal.environment | environment | {"FAULTS_CLOCK": str(self._clock)}
        self._server: subprocess.Popen[bytes] | None = None

    def advance(self, seconds: float) -> None:
        """Put this host's clock so many seconds ahead of the true time."""
        moved = self._clock.with_suffix(".new")
        moved.write_text(str(seconds))
        moved.replace(self._clock)

    def start(self, *options: str) -> None:
        """Serve; returns once pages answer."""
        with self.log.open("ab") as log:
            self._server = subprocess.Popen(
                self._command(*options), cwd=self.home, env=self._environment,
                stdout=log, stderr=log,
            )  # fmt: skip
        wait_until(self._answers, what=f"the portal did not start: {self.log.read_text()[-2000:]}")

    def refuses_to_start(self) -> str:
        """What it says when it will not serve, which it must."""
        done = subprocess.run(
            self._command(), cwd=self.home, env=self._environment,
            capture_output=True, text=True, timeout=PATIENCE, check=False,
        )  # fmt: skip
        assert done.returncode != 0
        return done.stderr

    def _command(self, *options: str) -> list[str | Path]:
        bound = ["--bind", f"{self.bound}:{self.port}"]
        return [BIN / "gunicorn", self.serves, "--preload", *options, *bound]

    def stop(self) -> None:
        """SIGTERM, as an operator stops it."""
        if self._server is not None:
            self._server.terminate()
            assert self._server.wait(2 * PATIENCE) == 0, self.log.read_text()[-2000:]
            self._server = None

    @property
    def workers(self) -> list[int]:
        """The processes that serve."""
        assert self._server is not None
        path = Path(f"/proc/{self._server.pid}/task/{self._server.pid}/children")
        return [int(each) for each in path.read_text().split()]

    @property
    def threads(self) -> int:
        """How many threads the workers have in all."""
        return sum(len(list(Path(f"/proc/{pid}/task").iterdir())) for pid in self.workers)

    def kill(self, which: int = 0) -> None:
        """SIGKILL one of the workers."""
        with contextlib.suppress(ProcessLookupError, IndexError):
            os.kill(self.workers[which], signal.SIGKILL)

    def reload(self) -> None:
        """SIGHUP: new workers take the place of the former, on the same listening socket."""
        assert self._server is not None
        self._server.send_signal(signal.SIGHUP)

    def kill_master(self) -> None:
        """SIGKILL the process that started the workers."""
        assert self._server is not None
        self._server.kill()
        self._server.wait()
        self._server = None

    def counted(self, token: str) -> int:
        """How many requests `/metrics` tells of, over all processes."""
        with urllib.request.urlopen(
            urllib.request.Request(
                f"http://{HOST}:{self.port}/metrics", headers={"Authorization": f"Bearer {token}"}
            ),
            timeout=PATIENCE,
        ) as answer:
            text = answer.read().decode()
        counts = re.findall(r"^portal_requests_total\{.*\} ([\d.]+)$", text, re.MULTILINE)
        return int(sum(map(float, counts)))

    def _answers(self) -> bool:
        assert self._server is not None and self._server.poll() is None, self.log.read_text()
        connection = http.client.HTTPConnection(HOST, self.port, timeout=5)
        try:
            connection.request("GET", self.ready)
            with connection.getresponse() as answer:
                return answer.status == 200
        except OSError:
            return False
        finally:
            connection.close()


class Portal:
    """Hosts on one database, and what tests need to look at it from outside.

    `by_command`: its schema is made as operators make it, by a process, not by what that calls.
    """

    def __init__(
        self, folder: Path, database_url: str, *, by_command: bool = False, **environment: str
    ):
        self.folder, self.relay = folder, Relay()
        self.engine: Engine = open_engine(database_url)
        self.settings = test_settings(
            secret_key=SECRET,
            public_url=f"http://{HOST}:{free_port()}",
            mail_port=self.relay.port,
            database_url=database_url,
        )
        self.world = real_world(self.settings)
        self.environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "SECRET_KEY": SECRET,
            "PUBLIC_URL": self.settings.public_url,
            "MAIL_SERVER": HOST,
            "MAIL_PORT": str(self.relay.port),
            "DATABASE_URL": database_url,
            "ARGON2_TIME_COST": "1",
            "ARGON2_MEMORY_COST": "8",
            "TRUSTED_PROXIES": "1",
            "WEB_CONCURRENCY": "2",
            **environment,
        }
        if by_command:
            self.flask("database", "upgrade")
        else:
            schema.upgrade(self.engine)
        self.first = Host(self, "first")
        self.hosts = [self.first]

    def flask(self, *command: str, home: Path = ROOT) -> subprocess.CompletedProcess[str]:
        """Run an operator's command of the code in `home`; it must succeed."""
        done = subprocess.run(
            [BIN / "flask", *command], cwd=home, env=self.environment | {"PYTHONPATH": str(home)},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done

    def another_host(self, name: str = "second", **environment: str) -> Host:
        """One more gunicorn on the same database."""
        host = Host(self, name, **environment)
        self.hosts.append(host)
        return host

    def close(self) -> None:
        """Stop everything."""
        for host in self.hosts:
            host.stop()
        self.engine.dispose()
        self.relay.close()

    def do(self, act: Callable[[Work], Any]) -> Any:
        """A piece of work of the mutual's own, on the database."""
        work = Work(self.engine, self.world, "127.0.0.1")
        try:
            result = act(work)
        except BaseException:
            work.close(commit=False)
            raise
        work.close(commit=True)
        return result

    def member(self, *, account: bool = False, password: str = PASSWORD) -> Letter:
        """A member with a letter, and with an account if asked."""
        letter = new_letter()
        if account:
            self.do(lambda work: members.with_account(work, letter, password))
        else:
            self.do(lambda work: members.on_the_roll(work, letter))
        return letter

    def count(self, table: Any, *conditions: Any) -> int:
        """How many rows of a table are so."""
        with self.engine.connect() as connection:
            query = select(func.count()).select_from(table).where(*conditions)
            return int(connection.execute(query).scalar_one())

    def events(self, event: str, **conditions: Any) -> int:
        """How often the journal tells this event."""
        matching = (getattr(JournalEntry, name) == value for name, value in conditions.items())
        return self.count(JournalEntry, JournalEntry.event == event, *matching)

    def waiting_mails(self) -> int:
        """How many mails are still to leave."""
        return self.count(OutboxMail, OutboxMail.state.in_(["ready", "claimed"]))

    def all_sent(self, seconds: float = 60) -> None:
        """Wait until no mail waits."""
        wait_until(lambda: self.waiting_mails() == 0, seconds, "mails wait")

    def logs(self) -> str:
        """All that the hosts wrote."""
        return "".join(host.log.read_text() for host in self.hosts if host.log.exists())


@contextmanager
def portal(
    folder: Path, database_url: str, *, by_command: bool = False, **environment: str
) -> Iterator[Portal]:
    """A running portal of one host."""
    running = Portal(folder, database_url, by_command=by_command, **environment)
    try:
        running.first.start()
        yield running
    finally:
        running.close()
