"""Every operator's command, the next one too: it names itself, and runs on its own schema alone."""

import re
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import click
import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import Engine

from player.databases import fresh_sqlite
from player.members import ODILE
from player.world import still_world
from webapp import furnish
from webapp.cli import Commands, commands
from webapp.cli.commands import PortalCommand
from webapp.cli.typed import Place
from webapp.models import schema
from webapp.models.engine import open_engine

OUTSIDE = {"qa run", "qa cases", "assets build"}  # without a database
UPGRADES = {"database upgrade"}
RUN_ON = {"mail worker"}  # until they are stopped
OnDatabase = Callable[[Engine], Flask]
Ran = tuple[Result, list[str], list[str]]
OnVersion = Callable[..., Ran]
NEWER = ("9999", "a version of which only half is known\x1b[2J")


def _leaves(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from _leaves(command, (*path, name))
        elif command:
            yield " ".join((*path, name)), command


COMMANDS = dict(_leaves(Commands("portal")))
ON_SCHEMA = sorted(COMMANDS.keys() - OUTSIDE)


def _run(app: Flask, command: str, *arguments: object) -> Result:
    return app.test_cli_runner().invoke(args=[*command.split(), *map(str, arguments)])


def _never() -> NoReturn:
    raise AssertionError("the portal, so its settings, were asked for")


def _arguments(command: click.Command, folder: Path) -> list[object]:
    """What it can't do without, and no question."""
    given: list[object] = []
    for each in command.params:
        if each.name == "role":
            given += ["--role", "superviseur"]
        elif isinstance(each, click.Option) and each.required:
            given += [each.opts[0], folder / "new.csv"]
        elif isinstance(each, click.Argument):
            given.append(folder / "roll.csv" if isinstance(each.type, click.Path) else ODILE.number)
        elif each.name == "yes":
            given.append("--yes")
    return given


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "desk"
    folder.mkdir()
    (folder / "roll.csv").write_text(f"numero_adherent\n{ODILE.number}\n")
    return folder


@pytest.fixture
def portal(standing_app: Flask) -> OnDatabase:
    """The application on a database of the test's own, which may have another schema or none."""

    def on(engine: Engine) -> Flask:
        furnish(standing_app, engine, still_world())
        return standing_app

    return on


@pytest.fixture
def on_version(
    portal: OnDatabase, sqlite_template: Path, tmp_path: Path, folder: Path
) -> OnVersion:
    """A command on a database that says this version, and which code may still serve it; what it
    held before and after."""

    def run(version: str, name: str, oldest_code: str | None = None) -> Ran:
        engine = fresh_sqlite(sqlite_template, tmp_path)
        with engine.begin() as connection:
            connection.exec_driver_sql(
                "UPDATE alembic_version SET version_num = ?, oldest_code = ?",
                (version, oldest_code),
            )
        before = _dump(tmp_path)
        result = _run(portal(engine), name, *_arguments(COMMANDS[name], folder))
        engine.dispose()
        return result, before, _dump(tmp_path)

    return run


def _told(result: Result, folder: Path) -> str:
    """The one line of a command that did nothing."""
    assert isinstance(result.exception, SystemExit), result
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1), result
    assert [each.name for each in folder.iterdir()] == ["roll.csv"]
    told = result.stderr.rstrip("\n").replace("\u00a0", " ")
    assert told.isprintable()
    return told


def test_every_command_is_one_of_the_portal_s() -> None:
    """The class that looks at the schema and ends with a sentence is the groups' default."""
    assert [name for name, each in COMMANDS.items() if not isinstance(each, PortalCommand)] == []
    outside = {name for name, each in COMMANDS.items() if getattr(each, "outside", False)}
    upgrades = {name for name, each in COMMANDS.items() if getattr(each, "upgrades", False)}
    assert (outside, upgrades) == (OUTSIDE, UPGRADES)


@pytest.mark.parametrize("name", COMMANDS)
def test_it_names_itself_and_its_options_without_opening_the_portal(name: str) -> None:
    result = _run(commands.of_portal(_never, Commands("portal"), _never), name, "--help")
    assert result.exit_code == 0, result
    assert result.output.startswith("Usage\u00a0: ")
    for each in COMMANDS[name].params:
        told = each.opts[0] if isinstance(each, click.Option) else each.metavar
        assert told and told in result.output


ENGLISH = re.compile(
    r"(?i)\\b(required|default|error|try|usage:|options:|commands|show this|invalid|missing|text|"
    r"path|file|integer|range|choice|directory|help for|no such|does not)\\b"
)


@pytest.mark.parametrize("name", COMMANDS)
def test_its_help_is_in_french_the_words_of_click_too(name: str) -> None:
    told = _run(commands.of_portal(_never, Commands("portal"), _never), name, "--help").output
    typed = {each for option in COMMANDS[name].params for each in option.opts}
    for each in sorted({*typed, name}, key=len, reverse=True):
        told = told.replace(each, "")
    assert not ENGLISH.findall(told), told
    if any(isinstance(each, click.Option) and each.required for each in COMMANDS[name].params):
        assert "[obligatoire]" in told


def test_no_value_is_read_by_click_whose_refusals_are_in_english() -> None:
    ours = (click.types.StringParamType, click.types.BoolParamType, Place)
    read = {name: {type(each.type) for each in one.params} for name, one in COMMANDS.items()}
    assert {name: types - {*ours} for name, types in read.items() if types - {*ours}} == {}


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ("database verify-journal {away}", "n’existe pas"),
        ("database verify-journal {folder}", "n’est pas un fichier"),
        ("qa run --mail-ca {away}", "n’existe pas"),
        ("qa members make --letters {away} --count 0", "de 1 à 1 000"),
        ("qa members make --letters {away} --count cinq", "donnez un nombre entier"),
    ],
)
def test_a_value_that_can_t_be_is_refused_in_one_french_line(
    app: Flask, folder: Path, command: str, why: str
) -> None:
    typed = command.format(away=folder / "away.csv", folder=folder).split()
    told = _told(app.test_cli_runner().invoke(args=typed), folder)
    assert why in told and "Rien n’a été changé" in told


@pytest.mark.parametrize("name", sorted(set(ON_SCHEMA) - UPGRADES))
def test_it_refuses_an_older_schema_and_says_what_to_run(
    name: str, on_version: OnVersion, folder: Path
) -> None:
    result, before, after = on_version("0001", name)
    assert "« 0001 »" in (told := _told(result, folder))
    assert "lancez d’abord « flask database upgrade »" in told
    assert before == after


@pytest.mark.parametrize("version", NEWER)
@pytest.mark.parametrize("name", ON_SCHEMA)
def test_it_refuses_a_newer_schema_and_does_not_advise_to_upgrade_it(
    name: str, version: str, on_version: OnVersion, folder: Path
) -> None:
    result, before, after = on_version(version, name)
    told = _told(result, folder)
    assert "ce code est plus ancien que la base" in told and "upgrade" not in told
    assert before == after


@pytest.mark.parametrize("name", sorted(set(ON_SCHEMA) - UPGRADES - RUN_ON))
def test_it_runs_on_a_newer_schema_that_this_code_may_still_serve(
    name: str, on_version: OnVersion
) -> None:
    result, _, _ = on_version("9999", name, oldest_code=schema.wanted())
    assert "Schéma de la base" not in result.stderr, result
    assert isinstance(result.exception, SystemExit | None), result


def test_an_upgrade_by_former_code_that_may_still_serve_has_nothing_to_do(
    on_version: OnVersion,
) -> None:
    result, before, after = on_version("9999", "database upgrade", oldest_code=schema.wanted())
    assert result.exit_code == 0 and before == after
    assert "Rien à faire : la base est à la version « 9999 »" in result.stdout.replace("\xa0", " ")


def test_a_plan_says_each_step_and_whether_the_former_version_can_come_back(
    portal: OnDatabase, sqlite_template: Path, tmp_path: Path
) -> None:
    engine = fresh_sqlite(sqlite_template, tmp_path)
    app = portal(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0004'")
    before = _dump(tmp_path)
    told = _run(app, "database upgrade", "--plan").stdout.replace("\xa0", " ")
    assert f"passerait de la version 0004 à la version {schema.wanted()}" in told
    assert "  0005 : ce que deviennent les mails une fois partis.\n" in told
    assert "ne redémarre plus" in told and told.endswith("Rien n’a été changé.\n")
    assert _dump(tmp_path) == before
    engine.dispose()


def test_a_plan_for_a_database_that_is_not_there_makes_none(
    portal: OnDatabase, tmp_path: Path
) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'portal.sqlite3'}")
    app = portal(engine)
    told = _run(app, "database upgrade", "--plan").stdout
    assert f"serait créé, version {schema.wanted()}" in told
    assert list(tmp_path.iterdir()) == []
    engine.dispose()


def test_a_plan_for_a_schema_that_is_there_is_empty(
    portal: OnDatabase, sqlite_template: Path, tmp_path: Path
) -> None:
    engine = fresh_sqlite(sqlite_template, tmp_path)
    app = portal(engine)
    told = _run(app, "database upgrade", "--plan").stdout.replace("\xa0", " ")
    assert told == f"Rien à faire : le schéma est à jour, version {schema.wanted()}.\n"
    engine.dispose()


@pytest.mark.parametrize("name", sorted(set(ON_SCHEMA) - UPGRADES))
def test_without_a_schema_it_makes_no_database(
    name: str, portal: OnDatabase, tmp_path: Path, folder: Path
) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'portal.sqlite3'}")
    app = portal(engine)
    result = _run(app, name, *_arguments(COMMANDS[name], folder))
    assert "lancez d’abord « flask database upgrade »" in _told(result, folder)
    assert [each.name for each in tmp_path.iterdir()] == ["desk"]
    engine.dispose()


def _dump(tmp_path: Path) -> list[str]:
    connection = sqlite3.connect(tmp_path / "portal.sqlite3")
    lines = list(connection.iterdump())
    connection.close()
    return lines
