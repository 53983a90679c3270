"""Every event that is written is declared with its words, and none is declared for nothing; what
looks for an event in the journal (signs of misuse, history, news) looks for one that there is."""

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from webapp.rules import misuse
from webapp.rules.events import EVENTS
from webapp.services.operators import news
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


def test_every_event_that_is_looked_for_is_declared() -> None:
    """A sign of misuse of an event that nobody writes would be 0 for ever."""
    found = {key: where for where, keys in _looked_for() for key in keys}
    assert {misuse.LOOKED, misuse.SOUGHT, "sign_in.done", *news.EVENTS} <= {*found}
    undeclared = {key: where for key, where in found.items() if key not in EVENTS}
    assert not undeclared, "no entry of the journal says so"


def _looked_for() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each place of the code that compares an entry's event, and with which: a name is what its
    module says."""
    for file in (ROOT / "webapp").rglob("*.py"):
        path = ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for at, other in _compared(ast.parse(file.read_text())):
            where, known = f"{path}:{at}", vars(import_module(path))
            keys = eval(ast.unparse(other), dict(known))
            yield where, (keys,) if isinstance(keys, str) else tuple(keys)


def _compared(code: ast.Module) -> Iterator[tuple[int, ast.expr]]:
    for each in ast.walk(code):
        if isinstance(each, ast.Compare) and _is_an_event(each.left):
            yield each.lineno, each.comparators[0]
        elif isinstance(each, ast.Call) and _asks_in_a_list(each.func):
            yield each.lineno, each.args[0]


def _asks_in_a_list(called: ast.expr) -> bool:
    within = isinstance(called, ast.Attribute) and called.attr in ("in_", "not_in")
    return within and _is_an_event(called.value)


def _is_an_event(value: ast.expr) -> bool:
    return isinstance(value, ast.Attribute) and value.attr == "event"
