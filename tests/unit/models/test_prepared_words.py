"""SQLite keeps what it compiled of a statement, partial indexes or not."""

import sqlite3

import pytest
from sqlalchemy import CompoundSelect, Dialect, Engine, Select

from tests.unit.models.test_prepared import all_statements
from webapp.models.prepared import _Ready


def test_no_reading_is_compiled_anew_when_it_is_asked_again(engine: Engine) -> None:
    if engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL plans in its own way")
    asked: list[tuple[object, ...]] = []
    first, again = 0, list[str]()
    with engine.connect() as db:
        raw = db.connection.dbapi_connection
        assert isinstance(raw, sqlite3.Connection)
        raw.set_authorizer(lambda *told: asked.append(told) or sqlite3.SQLITE_OK)
        for name, each in all_statements():
            made = each._statement("sqlite")
            if not isinstance(made, Select | CompoundSelect):
                continue
            ready = _ready(made, engine.dialect)
            values = [1 if value is None else value for value in _in_place(ready)]
            for turn in (1, 2):
                asked.clear()  # it is asked at each compiling
                raw.execute(ready.sql, values).fetchall()
                if turn == 1:
                    first += bool(asked)
                elif asked:
                    again.append(name)
    assert again == []
    assert first > 10


def _ready(made: Select[*tuple[object, ...]] | CompoundSelect[str], database: Dialect) -> _Ready:
    names = made.compile(dialect=database).bind_names
    return _Ready(made, database, [each.key for each in names if each.required])


def _in_place(ready: _Ready) -> list[object]:
    return [ready._constant[place] for place, _ in ready._positions or ()]
