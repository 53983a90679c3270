"""The schema's version: the one the database has, the one served, and how to get there.

Alembic is loaded by who migrates, not by who serves: it would be a fifth of a server's start.
"""

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

_MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(engine: Engine) -> str | None:
    """Create or migrate the schema, in one transaction; returns the version now in force."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        return version(connection)


def version(connection: Connection) -> str | None:
    """The version that the database says it has, None when it has none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def wanted() -> str:
    """The version that this code was written for: what the last migration's file begins with."""
    last = max(file.name for file in (_MIGRATIONS / "versions").glob("[0-9]*.py"))
    return last.partition("_")[0]
