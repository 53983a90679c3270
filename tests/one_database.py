"""For tests of what no database decides: SQLite alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.databases import fresh_sqlite


@pytest.fixture
def engine(sqlite_template: Path, tmp_path: Path) -> Iterator[Engine]:
    """An empty SQLite database; takes the place of the fixture that gives one of each kind."""
    sqlite = fresh_sqlite(sqlite_template, tmp_path)
    yield sqlite
    sqlite.dispose()
