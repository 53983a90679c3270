"""Databases kept for the whole run and emptied for every test, for what the web's tests ask.

An engine compiles each statement once: a new one for every test would double their time.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from tests.databases import KINDS, empty, fresh_sqlite
from webapp.models import Base
from webapp.models.sqlite import InTurn


@pytest.fixture(scope="session")
def kept_sqlite(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """A migrated SQLite database, which need not outlive a power cut."""
    sqlite = fresh_sqlite(sqlite_template, tmp_path_factory.mktemp("kept"))
    event.listen(sqlite, "connect", _spare_the_disk)
    yield sqlite
    sqlite.dispose()


@pytest.fixture
def sqlite_alone(kept_sqlite: Engine) -> Engine:
    """For what no database decides: SQLite alone, empty."""
    _delete_all(kept_sqlite)
    return kept_sqlite


@pytest.fixture(params=KINDS)
def each_database(request: pytest.FixtureRequest) -> Engine:
    """An empty database of each kind."""
    if request.param == "sqlite":
        sqlite: Engine = request.getfixturevalue("kept_sqlite")
        _delete_all(sqlite)
        return sqlite
    postgres: Engine = request.getfixturevalue("postgres_engine")
    empty(postgres)
    return postgres


def _spare_the_disk(connection: InTurn, _record: Any) -> None:
    connection.execute("PRAGMA synchronous=OFF")
    connection.flushes = False


def _delete_all(sqlite: Engine) -> None:
    with sqlite.begin() as connection:
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(table.delete())
