"""What a PostgreSQL database must be before anything is stored in it."""

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

OLDEST = 10  # what psycopg 3 speaks to
_ASK = text(
    "SELECT current_setting('server_encoding'), current_setting('server_version_num')::int, "
    "pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on'"
)


def fault(engine: Engine) -> str:
    """What is wrong with the database, as a setting's fault without the name, "" where nothing is.

    "" too for one that is away: who works on it says so, or waits for it.
    """
    if engine.dialect.name != "postgresql":
        return ""
    try:
        with engine.connect() as connection:
            encoding, version, only_read = connection.execute(_ASK).one()
    except SQLAlchemyError:
        return ""
    return told(encoding, version, only_read=only_read)


def told(encoding: str, version: int, *, only_read: bool) -> str:
    """The sentence for a server's answers; `version` as in 150018 for 15.18."""
    if encoding != "UTF8":
        return (
            f"leads to a database in {encoding}, where names are lost: it must be in UTF8, for "
            "example CREATE DATABASE portal ENCODING 'UTF8' TEMPLATE template0"
        )
    if version // 10_000 < OLDEST:
        return (
            f"leads to PostgreSQL {version // 10_000}: it must be {OLDEST} or later, for example 15"
        )
    if only_read:
        return (
            "leads to a database that can only be read: it must be the one that is written to, "
            "for example with ?target_session_attrs=read-write after the names of several hosts"
        )
    return ""
