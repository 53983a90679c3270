"""The schema's version: the one the database has, the one served, and how to get there.

Alembic is loaded by who migrates, not by who serves: it would be a fifth of a server's start.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from webapp.models import sqlite

if TYPE_CHECKING:
    from alembic.config import Config

_MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(engine: Engine) -> str | None:
    """Create or migrate the schema, in one transaction; returns the version now in force."""
    from alembic import command

    config = _config()
    with engine.connect() as connection, sqlite.rebuilding(connection):
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        return version(connection)


@dataclass(frozen=True)
class Planned:
    """One migration that an upgrade would run.

    `told`: in French what it does. `keeps_former`: whether code written for the version before it
    still starts on what it makes.
    """

    version: str
    told: str
    keeps_former: bool


def plan(found: str | None) -> list[Planned]:
    """What an upgrade from this version would run, in its order; nothing is looked at or changed.
    Raises KeyError for a version that this code does not know."""
    from alembic.script import ScriptDirectory

    if found is not None and found not in _known():
        raise KeyError(found)
    scripts = ScriptDirectory.from_config(_config())
    steps = reversed(list(scripts.iterate_revisions("head", found or "base")))
    return [
        Planned(
            each.revision,
            getattr(each.module, "told", ""),  # the first is never edited
            (getattr(each.module, "oldest_code", None) or each.revision) < each.revision,
        )
        for each in steps
    ]


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
    `served`: that newer code only added to it, so that this code may serve it too.
    """

    version: str | None
    newer: bool
    served: bool = False


def other(engine: Engine) -> Other | None:
    """What the database has instead of the schema wanted; None when it has that one.

    None, too, for a database that is away: who works on it says so, or waits for it.
    """
    if _not_made_yet(engine):
        return Other(None, newer=False)
    try:
        with engine.connect() as connection:
            found = version(connection.execution_options(reading=True))
            if found == wanted():
                return None
            newer = found is not None and found not in _known()
            return Other(found, newer, served=newer and _oldest_code(connection) in _known())
    except SQLAlchemyError:
        return None


def _oldest_code(connection: Connection) -> str | None:
    """The version of the oldest code that may serve, as the last migration wrote it."""
    columns = inspect(connection).get_columns("alembic_version")
    if "oldest_code" not in {each["name"] for each in columns}:
        return None
    found = connection.execute(text("SELECT oldest_code FROM alembic_version")).scalars().all()
    return found[0] if len(found) == 1 else None


def _config() -> "Config":
    from alembic.config import Config

    config = Config()
    # a % begins a name to fill in there
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    return config


def _known() -> set[str]:
    """The versions that this code leads to: what its migrations' files begin with."""
    files = (_MIGRATIONS / "versions").glob("[0-9]*.py")
    return {file.name.partition("_")[0] for file in files}


def _not_made_yet(engine: Engine) -> bool:
    """An embedded database's file is missing: a look at it would make one."""
    path = engine.url.database
    return bool(engine.dialect.name == "sqlite" and path and not Path(path).exists())
