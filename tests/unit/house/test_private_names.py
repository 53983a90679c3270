"""The portal takes nothing from libraries without their promise."""

import ast
from collections.abc import Iterator
from pathlib import Path

from webapp.settings import ROOT

DOCUMENTED = {"_make", "_replace", "_asdict", "_fields"}  # of named tuples


def private_names(file: Path) -> Iterator[str]:
    """Names with one underscore that a file takes from what is not its own."""
    tree = ast.parse(file.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            own = isinstance(node.value, ast.Name) and node.value.id in ("self", "cls")
            if not own:
                yield from _private(node.attr)
        elif isinstance(node, ast.ImportFrom):
            for each in node.names:
                yield from _private(each.name)
        elif isinstance(node, ast.Call):
            for keyword in node.keywords:
                yield from _private(keyword.arg or "")


def _private(name: str) -> list[str]:
    is_private = name.startswith("_") and not name.startswith("__") and name not in DOCUMENTED
    return [name] if is_private else []


def test_no_private_name_is_used() -> None:
    files = [*(ROOT / "webapp").rglob("*.py"), ROOT / "wsgi.py", ROOT / "gunicorn.conf.py"]
    found = {
        (file.relative_to(ROOT).as_posix(), name) for file in files for name in private_names(file)
    }
    assert found == set()


def test_a_private_name_is_found_however_it_is_taken(tmp_path: Path) -> None:
    file = tmp_path / "taken.py"
    file.write_text(
        "from library import _imported, __version__\n"
        "row._replace(other._attribute)\n"
        "compile(_keyword=False)\n"
        "self._own = cls._own\n"
    )
    assert set(private_names(file)) == {"_imported", "_attribute", "_keyword"}
