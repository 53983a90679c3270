"""What PostgreSQL's library refuses only when it connects: it would look like a database that is
away. As in setting_values.py, ValueError says what DATABASE_URL must be, and an example."""

import os

from psycopg import Error
from psycopg.conninfo import make_conninfo
from psycopg.pq import PGconn
from sqlalchemy import URL
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.exc import ArgumentError

_SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
_FILES = ("sslrootcert", "sslcert", "sslkey", "sslcrl")
_NOWHERE = "/nonexistent"  # a folder for sockets: libpq reads all it is told, and reaches nobody
_EXAMPLE = "for example postgresql+psycopg://portal@db.example.org/portal?sslmode=verify-full"


def check(address: URL) -> None:
    """Raise ValueError for an option or a value that libpq would refuse, or that would not hold."""
    if "options" in address.query:
        raise ValueError(
            "must be without options=…, which the portal sets itself: give them to the role, "
            "for example ALTER ROLE portal SET search_path = portal"
        )
    mode = address.query.get("sslmode", "prefer")
    if mode not in _SSL_MODES:
        raise ValueError(f"must have sslmode={' or '.join(_SSL_MODES)}, for example verify-full")
    for name in _FILES:
        file = str(address.query.get(name, "system"))
        if file != "system" and not os.access(file, os.R_OK):
            raise ValueError(
                f"must have a file that the portal may read in {name}, "
                f"for example {name}=/etc/ssl/certs/ca-certificates.crt"
            )
    _try(address)


def _try(address: URL) -> None:
    """Have libpq read each value, on the way to nobody. Its words are left out: they may repeat a
    part of the password."""
    try:
        _, options = PGDialect_psycopg().create_connect_args(address)  # type: ignore[no-untyped-call]
        options.pop("hostaddr", None)
        hosts = str(options.get("host") or "").count(",") + 1
        options["host"] = ",".join([_NOWHERE] * hosts)
        conninfo = make_conninfo("", **options)
    except (Error, ArgumentError):
        raise ValueError(
            f"has an option or a port that PostgreSQL's library does not know, {_EXAMPLE}"
        ) from None
    connection = PGconn.connect_start(conninfo.encode())
    said = connection.error_message.decode(errors="replace")
    connection.finish()
    if _NOWHERE not in said:
        wrong = next((each for each in options if each in said), "an option")
        raise ValueError(f"has a value of {wrong} that PostgreSQL's library refuses, {_EXAMPLE}")
