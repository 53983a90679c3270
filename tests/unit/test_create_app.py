"""The application, put together: what starts, what refuses to, and what is installed."""

import ast
import subprocess
import sys
import threading
from pathlib import Path

import click
import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine, text

from player.databases import fresh_sqlite
from player.world import still_world, test_settings
from tests.databases import sqlite_alone as engine  # noqa: F401 - not both
from webapp import check_schema, create_app, load_templates, start_sender
from webapp.models.engine import open_engine
from webapp.settings import ROOT, SettingsError


def test_two_applications_live_side_by_side(engine: Engine, tmp_path: Path) -> None:  # noqa: F811
    first = create_app(test_settings(), still_world(), engine)
    other = open_engine(f"sqlite:///{tmp_path / 'other.sqlite3'}")
    second = create_app(test_settings(public_url="https://localhost"), still_world(), other)
    assert first.test_client().get("/connexion").headers["Set-Cookie"].startswith("session=")
    answer = second.test_client().get("/connexion", base_url="https://localhost")
    assert answer.headers["Set-Cookie"].startswith("__Host-session=")


def test_making_it_touches_no_database(tmp_path: Path) -> None:
    create_app(test_settings(), still_world(), open_engine(f"sqlite:///{tmp_path / 'a.sqlite3'}"))
    assert not (tmp_path / "a.sqlite3").exists()


def test_nothing_serves_files_but_the_fingerprinted_address(app: Flask) -> None:
    assert app.static_folder is None
    assert "static" not in app.view_functions
    assert not app.debug


def test_a_template_s_undefined_name_crashes(app: Flask) -> None:
    with app.test_request_context(), pytest.raises(Exception, match="is undefined"):
        app.jinja_env.from_string("{{ nobody_set_this }}").render()


def test_the_limits_on_what_is_sent_are_set(app: Flask) -> None:
    assert app.config["MAX_CONTENT_LENGTH"] == app.config["MAX_FORM_MEMORY_SIZE"] == 64 * 1024
    assert app.config["MAX_FORM_PARTS"] == 50


def test_the_commands_of_the_contract_are_there(app: Flask) -> None:
    context = click.Context(app.cli)
    assert {"database", "members", "mail", "qa"} <= set(app.cli.list_commands(context))
    for group, command in (
        ("database", "upgrade"), ("members", "import"), ("mail", "worker"), ("qa", "run")
    ):  # fmt: skip
        assert command in app.cli.get_command(context, group).commands
    assert app.cli.get_command(context, "nothing") is None


def test_a_database_without_the_schema_stops_the_start(tmp_path: Path) -> None:
    empty = open_engine(f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    with pytest.raises(SettingsError, match="flask database upgrade"):
        check_schema(create_app(test_settings(), still_world(), empty))
    empty.dispose()


def test_a_database_of_another_version_stops_the_start(
    sqlite_template: Path, tmp_path: Path
) -> None:
    newer = fresh_sqlite(sqlite_template, tmp_path)
    app = create_app(test_settings(), still_world(), newer)
    check_schema(app)
    with newer.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'later'"))
    check_schema(app)  # it may still serve what a later version only added to
    with newer.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET oldest_code = 'later'"))
    with pytest.raises(SettingsError, match=r"version later.+start the version that made") as told:
        check_schema(app)
    assert "upgrade" not in str(told.value)
    newer.dispose()


def test_a_database_that_is_away_does_not_stop_the_start() -> None:
    away = create_engine("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    check_schema(create_app(test_settings(), still_world(), away))


def test_an_external_worker_leaves_the_sender_to_itself(engine: Engine) -> None:  # noqa: F811
    start_sender(create_app(test_settings(mail_worker="external"), still_world(), engine))
    assert "mail sender" not in {thread.name for thread in threading.enumerate()}


def test_a_server_loads_its_templates_and_nothing_of_the_press(engine: Engine) -> None:  # noqa: F811
    """The paper letter's folder has fonts and pictures, which are no text."""
    load_templates(create_app(test_settings(), still_world(), engine))
    program = "import sys, webapp; print({'typst', 'zxingcpp', 'fontTools'} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, cwd=ROOT, check=True
    )
    assert done.stdout == b"set()\n"


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "webapp").rglob("*.py")
        if not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert silent == []
