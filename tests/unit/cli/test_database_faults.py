"""A database's errors in words, each brought about on a real database."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.exc import SQLAlchemyError

from webapp.cli import database_faults


def _told(engine: Engine, *statements: str) -> str:
    with pytest.raises(SQLAlchemyError) as fault, engine.connect() as connection:
        for each in statements:
            connection.execute(text(each))
    engine.dispose()
    return " ; ".join(database_faults.told(fault.value))


def _sqlite(path: Path, *, query: str = "") -> Engine:
    return create_engine(f"sqlite:///{path}{query}", connect_args={"timeout": 0})


def test_a_full_sqlite_disk_is_told_as_such(tmp_path: Path) -> None:
    told = _told(
        _sqlite(tmp_path / "full.sqlite3"),
        "CREATE TABLE row (text)",
        "PRAGMA max_page_count = 3",
        "INSERT INTO row VALUES (zeroblob(100000))",
    )
    assert told == "n’a plus de place : son disque est plein ; Faites de la place"


def test_a_busy_sqlite_file_is_told_as_such(tmp_path: Path) -> None:
    path = tmp_path / "busy.sqlite3"
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    assert "occupée" in _told(_sqlite(path), "CREATE TABLE row (text)")
    holder.close()


def test_a_file_that_is_no_database_is_told_as_such(tmp_path: Path) -> None:
    path = tmp_path / "letters.csv"
    path.write_text("numero_adherent\n" * 100)
    assert "est abîmée" in _told(_sqlite(path), "CREATE TABLE row (text)")


def test_a_folder_that_is_not_there_is_told_as_such(tmp_path: Path) -> None:
    assert "permission refusée" in _told(_sqlite(tmp_path / "no" / "such"), "SELECT 1")


@pytest.mark.parametrize(
    ("statements", "words"),
    [
        (
            ["SET ROLE pg_monitor", "CREATE TABLE public.mine (id int)"],
            "permission",
        ),
        (["SET LOCAL statement_timeout = 1", "SELECT pg_sleep(5)"], "occupée"),
        (["SET TRANSACTION READ ONLY", "DELETE FROM journal"], "lecture seule"),
        (["SELECT 1 / 0"], "a signalé une erreur"),
    ],
)
def test_what_postgresql_answers_is_told_as_such(
    engine: Engine, statements: list[str], words: str
) -> None:
    if engine.dialect.name != "postgresql":
        pytest.skip("PostgreSQL's own")
    assert words in _told(engine, *statements)


def test_a_database_that_is_not_on_the_server_is_a_refused_connection(engine: Engine) -> None:
    if engine.dialect.name != "postgresql":
        pytest.skip("PostgreSQL's own")
    url = make_url(str(engine.url.render_as_string(hide_password=False)))
    assert "refuse la connexion" in _told(create_engine(url.set(database="nothing")), "SELECT 1")


def test_a_server_that_is_away_does_not_answer() -> None:
    away = create_engine("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    assert "ne répond pas" in _told(away, "SELECT 1")
