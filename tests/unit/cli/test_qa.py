"""`flask qa`: test members come and go without a trace, never in production."""

import csv
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import pytest
from click.testing import Result
from sqlalchemy import func, select

from player.members import ODILE, on_the_roll, with_account
from webapp.cli import Commands, commands
from webapp.models import Account, RollEntry, TermsAcceptance
from webapp.services.roll import qa_members
from webapp.services.roll.entries import entry_of_letter
from webapp.settings import ROOT

CALL = "https://squash.example.org/squash/api/rest/latest/import/results/42"


def run(app, *arguments):
    return app.test_cli_runner().invoke(args=["qa", "members", *map(str, arguments)])


def count(work, table) -> int:
    rows = work.db.scalar(select(func.count()).select_from(table))
    work.settle()
    return rows


def test_made_members_have_letters_that_open(app, work, tmp_path) -> None:
    file = tmp_path / "letters.csv"
    result = run(app, "make", "--count", 3, "--letters", file)
    assert result.exit_code == 0, result.output
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter=";"))
    assert [row["numero_adherent"].strip() for row in rows] == [
        f"QAESSAI000{at}" for at in (1, 2, 3)
    ]
    for row in rows:
        entry = entry_of_letter(
            work, row["numero_adherent"].strip(), row["code_acces"].replace("-", "")
        )
        assert entry.account_id is None
        assert row["code_acces"] not in result.output


def test_more_of_them_get_numbers_of_their_own(app, work, tmp_path) -> None:
    run(app, "make", "--count", 2, "--letters", tmp_path / "a.csv")
    run(app, "make", "--count", 2, "--letters", tmp_path / "b.csv")
    assert count(work, RollEntry) == 4


def test_removing_takes_their_accounts_and_nobody_else_s(app, work, tmp_path) -> None:
    (number,) = qa_members.make(work, 1)
    with_account(work, replace(ODILE, number="QAESSAI0099", email="qa@example.org"))
    on_the_roll(work, ODILE)
    work.settle()
    assert number == "QAESSAI0001"
    result = run(app, "remove")
    assert result.output.replace("\u00a0", " ") == "2 adhérent(s) d’essai effacé(s).\n"
    assert count(work, RollEntry) == 1
    assert count(work, Account) == count(work, TermsAcceptance) == 0


@pytest.mark.parametrize("command", [["remove"], ["make", "--letters"]])
def test_production_refuses_them(own_app, work, tmp_path, command) -> None:
    file = tmp_path / "letters.csv"
    settings = own_app.extensions["portal_settings"]
    elsewhere = replace(settings, public_url="https://espace.example.org")
    own_app.extensions["portal_settings"] = elsewhere
    result = run(own_app, *command, *([file] if len(command) > 1 else []))
    assert result.exit_code == 1 and "Refusé" in result.output
    assert count(work, RollEntry) == 0 and not file.exists()


@pytest.mark.parametrize(
    ("changes", "allowed"),
    [
        ({"public_url": "https://espace.example.org"}, False),
        ({"public_url": "https://recette.example.org", "qa": True}, True),
        ({"public_url": "http://127.0.0.1:8000"}, True),
        ({"public_url": "http://localhost", "demo": True}, True),
    ],
)
def test_where_test_members_may_be(app, changes, allowed) -> None:
    settings = replace(app.extensions["portal_settings"], **changes)
    assert settings.test_members is allowed


def flask_qa(*arguments: object, **settings: str) -> Result:
    """`flask qa …` as a tester runs it, nobody at a terminal, and whoever asks for the portal, so
    for its settings, fails. In this process: one of its own takes a second to load the same."""

    def opens() -> NoReturn:
        raise AssertionError("the portal was asked for")

    found = commands.of_portal(opens, Commands("portal"), opens)
    return found.test_cli_runner(env=settings).invoke(args=["qa", *map(str, arguments)])


def play(*arguments: str, **settings: str) -> Result:
    return flask_qa("run", *arguments, **settings)


def test_a_run_needs_no_setting_and_names_its_procedures() -> None:
    flask = Path(sys.executable).parent / "flask"
    command = [flask, "qa", "run", "--procedure", "list"]
    done = subprocess.run(command, cwd=ROOT, env={}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "lost_network" in done.stdout and "registration" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "--member"),
        (["--profile", "tablet"], "choisissez parmi phone"),
        (["--procedure", "sideways"], "Procédure inconnue"),
        (["--member", "0012345"], "NUMÉRO:CODE"),
        (["--letters", "nowhere.csv"], "n’existe pas"),
        (["--member", "0012345:4F7K", "--report", "pdf"], "choisissez parmi html"),
        (["--member", "0012345:4F7K", "--push", "https://squash.example.org"], "itération"),
        (["--member", "0012345:4F7K", "--push", CALL], "QA_SQUASH_TOKEN"),
    ],
)
def test_a_run_that_cannot_be_played_says_why(arguments, told) -> None:
    done = play(*arguments)
    assert done.exit_code == 2
    assert told in done.stderr.replace("\u00a0", " ")


def test_a_member_in_the_environment_is_shown_to_nobody() -> None:
    done = play("--profile", "tablet", QA_MEMBER="0012345:4F7K-9QXM-2T6B")
    assert "choisissez parmi phone" in done.stderr.replace("\u00a0", " ")
    done = play("--report", "pdf", QA_MEMBER="0012345:4F7K-9QXM-2T6B")
    assert "choisissez parmi html" in done.stderr.replace("\u00a0", " ")


@pytest.mark.parametrize("kind", ["squash", "gherkin", "html"])
def test_cases_are_written_once_and_never_over_something(tmp_path, kind) -> None:
    out = tmp_path / "cas"
    done = flask_qa("cases", "--format", kind, "--out", out)
    assert done.exit_code == 0, done.stderr
    assert f"cas de test dans « {out} »" in done.stdout.replace("\u00a0", " ")
    files = {file: file.read_bytes() for file in out.parent.rglob("*") if file.is_file()}
    again = flask_qa("cases", "--format", kind, "--out", out)
    assert again.exit_code == 1 and "existe déjà" in again.stderr
    assert files == {file: file.read_bytes() for file in out.parent.rglob("*") if file.is_file()}


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["--format", "pdf", "--out", "x"], 2, "choisissez parmi squash, gherkin, html"),
        (["--format", "html"], 2, "Il manque --out"),
        (["--out", "x"], 2, "Il manque --format"),
        (["--format", "html", "--out", ""], 2, "--out est vide"),
        (["--format", "html", "--out", "/dev/null/x"], 1, "Les cas de test ne peuvent pas"),
    ],
)
def test_cases_that_cannot_be_written_say_why(arguments, code, told) -> None:
    done = flask_qa("cases", *arguments)
    assert done.exit_code == code
    assert told in done.stderr.replace("\u00a0", " ") and done.stderr.count("\n") == 1
