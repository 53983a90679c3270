"""Statements that every visit runs: compiled once, then handed to the driver as they are.

SQLAlchemy writes the SQL and knows how values go in and come out; what it does besides at each
execution (contexts, cache keys, result objects) costs several times what SQLite takes to answer.
What this file takes from SQLAlchemy beside its documented names is told by a test of each
(tests/unit/models/test_prepared.py).
"""

from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar, cast

from sqlalchemy import (
    BindParameter,
    ClauseElement,
    ColumnElement,
    Connection,
    String,
    UpdateBase,
    literal_column,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.selectable import ReturnsRows
from sqlalchemy.sql.visitors import ExternallyTraversible, replacement_traverse

if TYPE_CHECKING:
    from sqlalchemy.dialects import sqlite

InsertOf = Callable[..., "sqlite.Insert"]
Row = TypeVar("Row", bound=NamedTuple)
Result = TypeVar("Result")
Values = Mapping[str, object]


def insert_of(database: str) -> InsertOf:
    """The INSERT of a database that knows ON CONFLICT: spelt alike, and loaded when it is used."""
    insert: InsertOf = import_module(f"sqlalchemy.dialects.{database}").insert
    return insert


class _Prepared:
    """A statement for one set of parameter names at a time, the same in every transaction.

    Raises what SQLAlchemy raises. Not for lists of values (IN with a list, several rows at once)
    nor for columns with defaults in Python: ValueError.
    """

    def __init__(self) -> None:
        self._ready: dict[tuple[str, ...], _Ready] = {}

    def _statement(self, database: str) -> UpdateBase | ReturnsRows:
        raise NotImplementedError

    def _execute(
        self,
        db: Connection,
        values: Values,
        read: Callable[["_Ready", DBAPICursor], Result],
    ) -> Result:
        dialect = db.dialect
        which = (dialect.name, *values)
        ready = self._ready.get(which)
        if ready is None:
            made = self._statement(dialect.name)
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


class PreparedChange(_Prepared):
    """A prepared statement from which nothing is read."""

    def __init__(self, statement: UpdateBase | Callable[[InsertOf], UpdateBase]):
        super().__init__()
        self.statement = statement

    def run(self, db: Connection, values: Values) -> int:
        """Returns how many rows were changed."""
        return self._execute(db, values, lambda _ready, cursor: cursor.rowcount)

    def _statement(self, database: str) -> UpdateBase:
        if isinstance(self.statement, UpdateBase):
            return self.statement
        return self.statement(insert_of(database))


class Prepared(_Prepared, Generic[Row]):
    """A prepared statement whose rows are of a class of named tuples.

    A function instead of a statement makes it with the database's own `insert`. Raises TypeError
    when the columns are not the fields of the class: at once for a statement, at its first use for
    a function.
    """

    def __init__(self, row: type[Row], statement: ReturnsRows | Callable[[InsertOf], ReturnsRows]):
        super().__init__()
        self.row, self.statement = row, statement
        self._make: Callable[[Iterable[object]], Row] = row._make
        if isinstance(statement, ReturnsRows):
            self._check(statement)

    def first(self, db: Connection, values: Values) -> Row | None:
        """The first row, None when there is none."""
        return self._execute(db, values, self._first)

    def one(self, db: Connection, values: Values) -> Row:
        """The one row of a statement that always has one. Raises LookupError when it has none."""
        row = self._execute(db, values, self._first)
        if row is None:
            raise LookupError(f"no {self.row.__name__}")
        return row

    def all(self, db: Connection, values: Values) -> list[Row]:
        """Every row."""
        return self._execute(db, values, self._all)

    def _first(self, ready: "_Ready", cursor: DBAPICursor) -> Row | None:
        cells = cursor.fetchone()
        return None if cells is None else self._make(ready.read(cells))

    def _all(self, ready: "_Ready", cursor: DBAPICursor) -> list[Row]:
        make, read = self._make, ready.read
        return [make(read(cells)) for cells in cursor.fetchall()]

    def _statement(self, database: str) -> ReturnsRows:
        if isinstance(self.statement, ReturnsRows):
            return self.statement
        made = self.statement(insert_of(database))
        self._check(made)
        return made

    def _check(self, statement: ReturnsRows) -> None:
        columns = tuple(str(key) for key, _ in statement.exported_columns.items())
        if columns != self.row._fields:
            raise TypeError(f"{self.row.__name__} has {self.row._fields}, its statement {columns}")


class _Ready:
    """The statement in one database's SQL, and how values get in and out of the driver."""

    def __init__(self, statement: UpdateBase | ReturnsRows, dialect: Dialect, names: list[str]):
        written = _with_words(statement, dialect) if dialect.name == "sqlite" else statement
        compiled = written.compile(dialect=dialect, column_keys=names)
        if not isinstance(compiled, SQLCompiler) or compiled.post_compile_params:
            raise ValueError(f"not to be prepared: {statement}")
        if {column.key for column in compiled.insert_prefetch} - set(names):
            raise ValueError(f"a column has a default in Python: {statement}")
        self.sql = str(compiled)
        self._constant: dict[str, object] = compiled.params
        changes = {
            name: parameter.type.dialect_impl(dialect).bind_processor(dialect)
            for parameter, name in compiled.bind_names.items()
        }
        places = compiled.positiontup
        self._positions = None if places is None else [(n, changes.get(n)) for n in places]
        self._changes = changes
        readers = (
            column.type.dialect_impl(dialect).result_processor(dialect, None)
            for column in (statement.exported_columns if isinstance(statement, ReturnsRows) else ())
        )
        self._readers = [(place, read) for place, read in enumerate(readers) if read]

    def sent(self, values: Values) -> list[object] | dict[str, object]:
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

    def read(self, cells: tuple[object, ...]) -> tuple[object, ...] | list[object]:
        """A row of the driver's with Python's values."""
        if not self._readers:
            return cells
        changed = list(cells)
        for place, read in self._readers:
            changed[place] = read(changed[place])
        return changed


def _with_words(statement: UpdateBase | ReturnsRows, dialect: Dialect) -> ClauseElement:
    """The same statement with its constant words written out (`state = 'waiting'`).

    SQLite compiles a statement anew at each execution, for longer than it then runs, where it
    compared a value with the condition of a partial index: another value might not meet it.
    """

    def written(element: ExternallyTraversible, **_: object) -> ColumnElement[str] | None:
        part = cast(object, element)
        if not isinstance(part, BindParameter) or part.required:
            return None
        if not isinstance(part.type, String) or not isinstance(part.value, str):
            return None
        word = part.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
        return literal_column(str(word), part.type)

    return cast(ClauseElement, replacement_traverse(statement, {}, written))


def _as_sqlalchemy(error: Exception, db: Connection, cursor: DBAPICursor, sql: str) -> Exception:
    """The driver's error as SQLAlchemy tells it; a connection that is gone is thrown away."""
    dialect = db.dialect
    gone = dialect.is_disconnect(error, db.connection.dbapi_connection, cursor)  # type: ignore[arg-type]
    if gone:
        db.invalidate(error)
    return DBAPIError.instance(
        sql, None, error, dialect.loaded_dbapi.Error, hide_parameters=True,
        connection_invalidated=gone, dialect=dialect,
    )  # fmt: skip
