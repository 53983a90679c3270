"""What the portal takes from libraries without their promise: few names, each with its canary."""

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import bindparam, column, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine.default import DefaultDialect

from webapp.models.base import Moment
from webapp.settings import ROOT

PREPARED = "webapp/models/prepared.py"
PRIVATE = {
    (PREPARED, "_bind_processors"),
    (PREPARED, "_cached_result_processor"),
    (PREPARED, "_check"),
    (PREPARED, "_result_columns"),
}
DOCUMENTED = {"_make", "_replace", "_asdict", "_fields"}  # of named tuples


def private_names(file: Path) -> Iterator[str]:
    """Names with one underscore that a file takes from what is not its own."""
    tree = ast.parse(file.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            own = isinstance(node.value, ast.Name) and node.value.id in ("self", "cls")
            if not own:
                yield node.attr
        elif isinstance(node, ast.ImportFrom):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.Call):
            yield from (each.arg for each in node.keywords if each.arg)


def test_no_private_name_is_used_but_those_that_have_a_canary_here() -> None:
    found = {
        (file.relative_to(ROOT).as_posix(), name)
        for file in [*(ROOT / "webapp").rglob("*.py"), ROOT / "wsgi.py", ROOT / "gunicorn.conf.py"]
        for name in private_names(file)
        if name.startswith("_") and not name.startswith("__") and name not in DOCUMENTED
    }
    assert found == PRIVATE
    assert len(found) <= 5


def test_a_compiled_statement_says_how_values_and_rows_are_changed() -> None:
    """`_bind_processors`, `_result_columns`, `_cached_result_processor` and `_check`."""
    moment = column("moment", Moment)
    statement = select(moment, column("plain")).where(moment == bindparam("at", type_=Moment))
    dialect: DefaultDialect = sqlite.dialect(paramstyle="named")
    compiled = statement.compile(dialect=dialect)
    assert "_check" in inspect.signature(compiled.construct_params).parameters
    assert compiled.construct_params(_check=False) == {"at": None}
    assert set(compiled._bind_processors) == {"at"}
    assert [each.keyname for each in compiled._result_columns] == ["moment", "plain"]
    changes = [
        each.type._cached_result_processor(dialect, None) for each in compiled._result_columns
    ]
    assert changes[0] is not None and changes[1] is None
