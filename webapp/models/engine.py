"""The engine: one way to open SQLite and PostgreSQL so that both keep the same promises."""

import os
from pathlib import Path
from threading import Lock

from sqlalchemy import Engine, create_engine, event, make_url

from webapp.models import sqlite, sqlite_file

CONNECT_SECONDS, STATEMENT_SECONDS, POOL_SECONDS = 5, 5, 5
ROOM_BYTES = 64 * 1024  # less, and the next few commits fail


def open_engine(url: str, pool_size: int = 20) -> Engine:
    """An engine for a SQLAlchemy URL; the folder of a SQLite file is made when it is missing.

    Raises sqlalchemy.exc.ArgumentError for a URL that it can't read, OSError for a SQLite file that
    couldn't be written to, ValueError for one that is something else.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _open_sqlite(url, pool_size)
    if parsed.drivername in ("postgresql", "postgres"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    return create_engine(
        parsed,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=POOL_SECONDS,
        pool_pre_ping=True,
        hide_parameters=True,  # errors are logged, what members typed is not
        isolation_level="READ COMMITTED",  # what the conditional updates rely on
        connect_args={
            "connect_timeout": CONNECT_SECONDS,
            "client_encoding": "utf8",  # whatever the database's: models/postgres.py can say it
            # a server whose machine vanished is given up in seconds, not in the quarter of an hour
            # that TCP would wait
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "tcp_user_timeout": STATEMENT_SECONDS * 2000,
            "options": f"-c statement_timeout={STATEMENT_SECONDS}s -c timezone=UTC",
        },
    )


def has_room(engine: Engine) -> bool:
    """Whether an embedded database's disk can be written to. A server looks after its own."""
    path = engine.url.database
    if engine.dialect.name != "sqlite" or not path or path == ":memory:":
        return True
    disk = os.statvfs(Path(path).parent)
    return disk.f_bavail * disk.f_frsize >= ROOM_BYTES and not disk.f_flag & os.ST_RDONLY


def _open_sqlite(url: str, pool_size: int) -> Engine:
    path = make_url(url).database
    file = Path(path) if path and path != ":memory:" else None
    if file:
        sqlite_file.check(file)
        sqlite_file.close_to_others(file)
    one_turn = type("InTurn", (sqlite.InTurn,), {"turn": Lock()})  # one lock an engine
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=POOL_SECONDS,
        hide_parameters=True,
        connect_args={"factory": one_turn},
    )
    if file:
        event.listen(engine, "do_connect", lambda *_: sqlite_file.make(file))
    event.listen(engine, "connect", sqlite.prepare)
    event.listen(engine, "begin", sqlite.begin)
    return engine
