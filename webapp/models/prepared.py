"""Statements that every visit runs: compiled once, then handed to the driver as they are.

SQLAlchemy writes the SQL and knows how values go in and come out; what it does besides at each
execution (contexts, cache keys, result objects) costs several times what SQLite takes to answer.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from sqlalchemy import Connection, Executable
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler


def insert_of(database: str) -> Callable[..., Any]:
    """The INSERT of a database that knows ON CONFLICT: spelt alike, and loaded when it is used."""
    insert: Callable[..., Any] = import_module(f"sqlalchemy.dialects.{database}").insert
    return insert


Reading = Callable[["_Ready", Any], Any]


class Prepared:
    """A statement for one set of parameter names at a time, the same in every transaction.

    Its rows are named tuples. Raises what SQLAlchemy raises. Not for lists of values (IN with a
    list, several rows at once) nor for columns with defaults in Python: ValueError.
    A function instead of a statement makes it with the database's own `insert`.
    """

    def __init__(self, statement: Any):
        self.statement = statement
        self._ready: dict[tuple[str, ...], _Ready] = {}

    def first(self, db: Connection, values: Mapping[str, Any]) -> Any:
        """The first row, None when there is none."""
        return self._execute(db, values, _first)

    def all(self, db: Connection, values: Mapping[str, Any]) -> list[Any]:
        """Every row."""
        rows: list[Any] = self._execute(db, values, _all)
        return rows

    def scalar(self, db: Connection, values: Mapping[str, Any]) -> Any:
        """The first column of the first row, None when there is none."""
        row = self.first(db, values)
        return None if row is None else row[0]

    def run(self, db: Connection, values: Mapping[str, Any]) -> int:
        """Nothing is read; returns how many rows were changed."""
        changed: int = self._execute(db, values, _changed)
        return changed

    def _execute(self, db: Connection, values: Mapping[str, Any], read: "Reading") -> Any:
        dialect = db.dialect
        which = (dialect.name, *values)
        ready = self._ready.get(which)
        if ready is None:
            made = self.statement
            made = made(insert_of(dialect.name)) if callable(made) else made
            ready = self._ready[which] = _Ready(made, dialect, list(values))
        if not db.in_transaction():
            db.begin()
        sent = ready.sent(values)
        cursor = db.connection.cursor()
        for seen in db.engine.dispatch.before_cursor_execute:
            seen(db, cursor, ready.sql, sent, None, False)
        try:
            cursor.execute(ready.sql, sent)
            return read(ready, cursor)  # SQLite goes on working while rows are read
        except dialect.loaded_dbapi.Error as error:
            raise _as_sqlalchemy(error, db, cursor, ready.sql) from error
        finally:
            cursor.close()


def _first(ready: "_Ready", cursor: Any) -> Any:
    row = cursor.fetchone()
    return None if row is None else ready.row(row)


def _all(ready: "_Ready", cursor: Any) -> list[Any]:
    return [ready.row(row) for row in cursor.fetchall()]


def _changed(_ready: "_Ready", cursor: Any) -> int:
    changed: int = cursor.rowcount
    return changed


class _Ready:
    """The statement in one database's SQL, and how values get in and out of the driver."""

    def __init__(self, statement: Executable, dialect: Dialect, names: list[str]):
        compiled = statement.compile(dialect=dialect, column_keys=names)  # type: ignore[attr-defined]
        if not isinstance(compiled, SQLCompiler) or compiled.post_compile_params:
            raise ValueError(f"not to be prepared: {statement}")
        if {column.key for column in compiled.insert_prefetch} - set(names):
            raise ValueError(f"a column has a default in Python: {statement}")
        self.sql = str(compiled)
        self._constant = compiled.construct_params(_check=False)
        changes: Mapping[str, Any] = compiled._bind_processors
        places = compiled.positiontup
        self._positions = None if places is None else [(n, changes.get(n)) for n in places]
        self._changes = {name: changes.get(name) for name in compiled.bind_names.values()}
        self._make, self._read = _reader(compiled, dialect)

    def sent(self, values: Mapping[str, Any]) -> list[Any] | dict[str, Any]:
        """The values as the driver takes them."""
        given = {**self._constant, **values}
        if self._positions is not None:
            return [
                given[name] if change is None else change(given[name])
                for name, change in self._positions
            ]
        return {
            name: given[name] if change is None else change(given[name])
            for name, change in self._changes.items()
        }

    def row(self, cells: tuple[Any, ...]) -> Any:
        """A row of the driver's with Python's values and the columns' names."""
        if self._read:
            changed = list(cells)
            for place, change in self._read:
                changed[place] = change(changed[place])
            return self._make(changed)
        return self._make(cells)


def _reader(compiled: SQLCompiler, dialect: Dialect) -> tuple[Any, list[tuple[int, Any]]]:
    columns = compiled._result_columns
    row = namedtuple("Row", [str(each.keyname) for each in columns], rename=True)  # type: ignore[misc]
    changes = (each.type._cached_result_processor(dialect, None) for each in columns)
    return row._make, [(place, change) for place, change in enumerate(changes) if change]


def _as_sqlalchemy(error: Exception, db: Connection, cursor: Any, sql: str) -> Exception:
    """The driver's error as SQLAlchemy tells it; a connection that is gone is thrown away."""
    dialect = db.dialect
    gone = dialect.is_disconnect(error, db.connection.dbapi_connection, cursor)  # type: ignore[arg-type]
    if gone:
        db.invalidate(error)
    return DBAPIError.instance(
        sql, None, error, dialect.loaded_dbapi.Error, hide_parameters=True,
        connection_invalidated=gone, dialect=dialect,
    )  # fmt: skip
