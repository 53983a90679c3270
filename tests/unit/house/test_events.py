"""Every event that is written is declared with its words, and none is declared for nothing."""

import ast
from collections.abc import Iterator
from pathlib import Path

from webapp.rules.events import EVENTS
from webapp.settings import ROOT

WRITERS = ("journal.write", "journal.write_each")


def test_every_event_that_is_written_is_declared_and_none_is_left_over() -> None:
    written = {key: file for file in (ROOT / "webapp").rglob("*.py") for key in _written(file)}
    undeclared = {key: file.name for key, file in written.items() if key not in EVENTS}
    assert not undeclared, "declare them in webapp/rules/events.py, with their words"
    left_over = {*EVENTS} - {*written}
    assert not left_over, "nothing writes them: take them out"


def _written(file: Path) -> Iterator[str]:
    for each in ast.walk(ast.parse(file.read_text())):
        if isinstance(each, ast.Call) and ast.unparse(each.func) in WRITERS:
            key = each.args[1]
            assert isinstance(key, ast.Constant), f"{file}:{each.lineno}: an event is named in full"
            yield key.value
