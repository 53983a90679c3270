"""A SQLite database is its owner's alone, and is told at once where it couldn't be written to."""

import os

import pytest
from sqlalchemy import text

from webapp.models import sqlite_file
from webapp.models.engine import open_engine


def _mode(path):
    return path.stat().st_mode & 0o777


def _written(path):
    engine = open_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE IF NOT EXISTS kept (id INTEGER)"))
    return engine


def test_a_new_database_its_folder_and_what_sqlite_puts_beside_are_the_owner_s_alone(tmp_path):
    path = tmp_path / "data" / "portal.sqlite3"
    engine = _written(path)
    with engine.connect():
        files = sorted(path.parent.iterdir())
        assert [each.name.removeprefix(path.name) for each in files] == ["", "-shm", "-wal"]
        assert {_mode(each) for each in files} == {0o600}
    assert _mode(path.parent) == 0o700
    engine.dispose()


def test_a_former_version_s_database_is_closed_to_others_and_its_group_keeps_its_rights(tmp_path):
    path = tmp_path / "portal.sqlite3"
    _written(path).dispose()
    path.chmod(0o664)
    engine = _written(path)
    with engine.connect():
        assert {_mode(each) for each in tmp_path.iterdir()} == {0o660}
    engine.dispose()


def test_to_open_it_makes_the_folder_and_no_file(tmp_path):
    open_engine(f"sqlite:///{tmp_path / 'data' / 'portal.sqlite3'}").dispose()
    assert list((tmp_path / "data").iterdir()) == []


def test_what_is_no_database_is_refused_before_it_is_used(tmp_path):
    (tmp_path / "letters.csv").write_text("numero_adherent;nom;prenom\n")
    with pytest.raises(ValueError, match="is no SQLite file"):
        open_engine(f"sqlite:///{tmp_path / 'letters.csv'}")
    with pytest.raises(IsADirectoryError, match="is a folder"):
        open_engine(f"sqlite:///{tmp_path}")
    with pytest.raises(FileExistsError):
        sqlite_file.check(tmp_path / "letters.csv" / "portal.sqlite3")


def test_an_empty_file_will_do(tmp_path):
    (tmp_path / "portal.sqlite3").touch()
    sqlite_file.check(tmp_path / "portal.sqlite3")


def test_a_device_or_a_pipe_is_no_database(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in ("/dev/null", pipe):
        with pytest.raises(ValueError, match="is no file"):
            open_engine(f"sqlite:///{path}")
