"""Databases for who plays the portal: made by the real migrations, copied, emptied."""

import shutil
from pathlib import Path

from sqlalchemy import Engine

from webapp.models import Base, desk, operator, schema  # with the desk's tables
from webapp.models.engine import open_engine

OF_THE_DESK = (desk.Look, operator.Operator)  # registered by being imported
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


def migrated_sqlite(path: Path) -> Path:
    """Make an empty SQLite file with the present schema, to be copied; returns its path."""
    engine = open_engine(f"sqlite:///{path}")
    schema.upgrade(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA user_version")
    engine.dispose()
    return path


def fresh_sqlite(template: Path, folder: Path) -> Engine:
    """An empty, migrated SQLite database in `folder`, copied from `template`."""
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
