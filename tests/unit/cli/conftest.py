from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import Engine

from tests.good_rolls import HEAD, Run
from tests.import_desk import Desk


@pytest.fixture
def desk(app: Flask, engine: Engine, tmp_path: Path) -> Desk:
    folder = tmp_path / "desk"
    folder.mkdir()
    return Desk(app, folder, engine)


@pytest.fixture
def run(app: Flask, tmp_path: Path) -> Run:
    """Import these rows with these options."""

    def run(rows: Sequence[str], *options: str, head: str = HEAD) -> Result:
        file = tmp_path / "roll.csv"
        file.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
        result = app.test_cli_runner().invoke(args=["members", "import", str(file), *options])
        assert result.exception is None or isinstance(result.exception, SystemExit), result
        return result

    return run
