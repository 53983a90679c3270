"""The schema's version: the one the database has, the one served, and how to get there.

Alembic is loaded by who migrates, not by who serves: it would be a fifth of a server's start.
"""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import SQLAlchemyError

_MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(engine: Engine) -> str | None:
    """Create or migrate the schema, in one transaction; returns the version now in force."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    # a % begins a name to fill in there
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        return version(connection)


def version(connection: Connection) -> str | None:
    """The version that the database says it has, None when it has none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalars()
    return ", ".join(sorted(found)) or None


def wanted() -> str:
    """The version that this code was written for, its last migration's."""
    return max(_known())


@dataclass(frozen=True)
class Other:
    """A schema that this code was not written for. `version`: None when there is none at all.

    `newer`: no migration of this code leads to it or from it, newer code made it.
    """

    version: str | None
    newer: bool


def other(engine: Engine) -> Other | None:
    """What the database has instead of the schema wanted; None when it has that one.

    None, too, for a database that is away: who works on it says so, or waits for it.
    """
    if _not_made_yet(engine):
        return Other(None, newer=False)
    try:
        with engine.connect() as connection:
            found = version(connection.execution_options(reading=True))
    except SQLAlchemyError:
        return None
    if found == wanted():
        return None
    return Other(found, newer=found is not None and found not in _known())


def _known() -> set[str]:
    """The versions that this code leads to: what its migrations' files begin with."""
    files = (_MIGRATIONS / "versions").glob("[0-9]*.py")
    return {file.name.partition("_")[0] for file in files}


def _not_made_yet(engine: Engine) -> bool:
    """An embedded database's file is missing: a look at it would make one."""
    path = engine.url.database
    return bool(engine.dialect.name == "sqlite" and path and not Path(path).exists())
