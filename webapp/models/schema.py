"""The schema's version: the one the database has, the one served, and how to get there."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def upgrade(engine: Engine) -> str | None:
    """Create or migrate the schema, in one transaction; returns the version now in force."""
    with engine.begin() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        return version(connection)


def version(connection: Connection) -> str | None:
    """The version that the database says it has, None when it has none."""
    return MigrationContext.configure(connection).get_current_revision()


def wanted() -> str | None:
    """The version that this code was written for."""
    return ScriptDirectory.from_config(_config()).get_current_head()
