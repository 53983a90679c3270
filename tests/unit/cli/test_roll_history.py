"""`flask members imports` and `flask members undo`: what was imported, one import taken back."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import Engine, func, select

from player.world import StillClock
from tests.roll_desk import CODE, MAKER, OTHER_CODE, Desk
from webapp.models import JournalEntry, RollImport
from webapp.services.kernel.world import World
from webapp.services.letters import reissue
from webapp.services.roll.report import Wish

ROLL = f"numero_adherent|code_acces|nom\n001|{CODE}|Lefèvre\n002|{OTHER_CODE}|Gâteau"


class Terminal(BytesIO):
    """What an operator types."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def desk(engine: Engine, world: World, clock: StillClock) -> Desk:
    return Desk(engine, world, clock)


@pytest.fixture
def run(app: Flask) -> Any:
    """A command of the roll, in a script; `answer`: typed by an operator at a terminal."""

    def run(*arguments: object, answer: str | None = None, columns: int = 80) -> Result:
        stdin = None if answer is None else Terminal(answer.encode())
        return app.test_cli_runner().invoke(
            args=["members", *map(str, arguments)], input=stdin, env={"COLUMNS": str(columns)}
        )

    return run


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def last(desk: Desk) -> int:
    with desk.engine.connect() as connection:
        return connection.execute(select(func.max(RollImport.id))).scalar_one()


# Which imports there were


def test_with_no_import_it_says_so_and_how_to_make_one(run: Any) -> None:
    told = plain(run("imports").stdout)
    assert told == (
        "Aucun import du fichier des adhérents depuis 30 jours. Pour en faire un : "
        "flask members import FICHIER.\n"
    )


def test_each_import_is_shown_the_newest_first(run: Any, desk: Desk) -> None:
    desk.load(ROLL)
    desk.clock.advance(days=1)
    desk.load("numero_adherent|nom\n001|Durand\n003|Petit", printer=False)
    first, second = last(desk) - 1, last(desk)
    assert plain(run("imports").stdout).splitlines() == [
        f"Import {second}",
        "  Date :      2 décembre 2026 à 10 h 00",
        "  Fichier :   adherents.csv",
        "  Opérateur : c.martin",
        "  Adhérents : 1 ajouté, 1 modifié, 0 inchangé, 1 lettre",
        f"Import {first}",
        "  Date :      1er décembre 2026 à 10 h 00",
        "  Fichier :   adherents.csv",
        "  Opérateur : c.martin",
        "  Adhérents : 2 ajoutés, 0 modifié, 0 inchangé",
        "Pour en annuler un : flask members undo suivi de son numéro.",
    ]


def test_who_was_marked_as_left_is_counted(run: Any, desk: Desk) -> None:
    desk.load(ROLL)
    desk.load("numero_adherent|nom\n001|Lefèvre", wish=Wish(whole=True, mark_missing=True))
    told = plain(run("imports").stdout)
    assert "0 ajouté, 0 modifié, 1 inchangé, 1 noté parti" in told


def test_those_too_old_to_be_undone_are_not_shown(run: Any, desk: Desk) -> None:
    desk.load(ROLL)
    desk.clock.advance(days=30)
    assert "Aucun import" in run("imports").stdout


@pytest.mark.parametrize("columns", [20, 40, 80])
def test_no_line_is_longer_than_the_terminal_and_no_word_is_cut(
    run: Any, desk: Desk, columns: int
) -> None:
    desk.load(ROLL)
    desk.load("numero_adherent|nom\n001|Durand\n003|Petit", printer=False)
    shown = run("imports", columns=columns).stdout.splitlines()[:-1]
    assert max(map(len, shown)) <= max(40, columns)
    assert "adherents.csv" in " ".join(shown)


# One taken back


def test_an_import_is_undone_and_it_says_what_that_came_to(run: Any, desk: Desk) -> None:
    desk.load(ROLL)
    before = desk.roll()
    desk.load("numero_adherent|nom\n001|Durand\n003|Petit")
    result = run("undo", last(desk), "--yes", "--reason", "mauvais fichier")
    told = plain(result.stdout)
    assert (result.exit_code, result.stderr) == (0, "")
    assert f"Import {last(desk)} annulé. Adhérents remis comme avant : 1, retirés : 1." in told
    assert "détruisez ses courriers" in told
    assert desk.roll() == before
    shown = plain(run("imports").stdout)
    assert "  Annulé :    le 1er décembre 2026 à 10 h 00, par" in shown
    with desk.engine.connect() as connection:
        facts = connection.scalars(
            select(JournalEntry.facts).where(JournalEntry.event == "roll.undone")
        ).one()
    assert facts["reason"] == "mauvais fichier"


def test_where_no_code_changed_no_letter_is_spoken_of(run: Any, desk: Desk) -> None:
    desk.load(ROLL)
    desk.load("numero_adherent|nom\n001|Durand")
    assert "courriers" not in run("undo", last(desk), "--yes").stdout


def test_it_shows_the_import_and_asks_first(run: Any, desk: Desk) -> None:
    desk.load(ROLL)
    asked = plain(run("undo", last(desk), answer="oui\n").stderr)
    assert asked.startswith(f"Import {last(desk)}\n  Date :      1er décembre 2026 à 10 h 00\n")
    assert "Annuler cet import ? Remet 0 adhérent comme avant, retire 2 ajoutés. [o/N]" in asked
    assert desk.roll() == []


@pytest.mark.parametrize("answer", ["\n", "non\n"])
def test_without_a_yes_nothing_is_undone(run: Any, desk: Desk, answer: str) -> None:
    desk.load(ROLL)
    result = run("undo", last(desk), answer=answer)
    assert (result.exit_code, len(desk.roll())) == (1, 2)
    assert "Rien n’a été changé." in result.stderr


def test_where_nobody_can_answer_nothing_is_undone(run: Any, desk: Desk) -> None:
    desk.load(ROLL)
    result = run("undo", last(desk))
    assert (result.exit_code, len(desk.roll())) == (2, 2)
    assert "--yes" in result.stderr


# What it refuses


@pytest.mark.parametrize("number", ["sept", "-1", "1.0", "²", "9" * 19])
def test_what_is_no_number_of_an_import(run: Any, number: str) -> None:
    result = run("undo", "--", number)
    assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)
    assert "n’est pas le numéro d’un import" in result.stderr


def test_an_import_that_there_is_not(run: Any) -> None:
    result = run("undo", 7, "--yes")
    assert result.exit_code == 1
    assert "Il n’y a pas d’import 7" in result.stderr


def test_an_import_that_is_undone_already(run: Any, desk: Desk) -> None:
    desk.load(ROLL)
    run("undo", last(desk), "--yes")
    told = plain(run("undo", last(desk), "--yes").stderr)
    assert f"L’import {last(desk)} est déjà annulé, depuis le 1er décembre 2026" in told


def test_an_import_that_is_too_old(run: Any, desk: Desk) -> None:
    desk.load(ROLL)
    desk.clock.advance(seconds=timedelta(days=30).total_seconds())
    told = plain(run("undo", last(desk), "--yes").stderr)
    assert f"L’import {last(desk)} a plus de 30 jours" in told
    assert "importez-le de nouveau" in told


def test_members_who_opened_their_space_are_named_and_what_to_do_is_said(
    run: Any, desk: Desk
) -> None:
    desk.load(ROLL)
    desk.open_account()
    result = run("undo", last(desk), "--yes")
    assert result.exit_code == 1
    assert plain(result.stderr).splitlines() == [
        "1 adhérent a déjà ouvert son espace avec le code de cet import : 001.",
        "Rien n’a été changé. Corrigez plutôt le fichier et importez-le de nouveau : un import ne "
        "touche jamais un espace.",
    ]


def test_three_members_are_named_of_many(run: Any, desk: Desk) -> None:
    numbers = [f"{at:03d}" for at in range(5)]
    desk.load("numero_adherent\n" + "\n".join(numbers))
    with desk.work() as work:
        reissue.reissue(work, numbers, maker=MAKER)
    told = plain(run("undo", last(desk), "--yes").stderr)
    assert told.startswith("5 adhérents dont le courrier a été refait depuis : 000, 001, 002, ….")


def test_later_imports_are_named_in_the_order_in_which_to_undo_them(run: Any, desk: Desk) -> None:
    for name in ("Lefèvre", "Durand", "Martin"):
        desk.load(f"numero_adherent|nom\n1|{name}")
    first = last(desk) - 2
    told = plain(run("undo", first, "--yes").stderr)
    assert "1 adhérent changé aussi par un import plus récent : 1." in told
    assert (
        f"Annulez d’abord ce qui a suivi : flask members undo {first + 2}, puis flask members "
        f"undo {first + 1}."
    ) in told


def test_the_command_line_s_own_import_can_be_undone(run: Any, desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "adherents.csv"
    file.write_text("numero_adherent;nom\n1;Lefèvre\n")
    assert run("import", file).exit_code == 0
    assert run("undo", last(desk), "--yes").exit_code == 0
    assert desk.roll() == []
