"""Commands as operators run them: processes, pipes, terminals, Ctrl+C, another version's schema.

tests/unit/house/test_commands.py takes every command through every schema, these each once.
"""

import csv
import os
import signal
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.faults.conftest import NewPortal, no_database_decides
from tests.faults.portal import BIN, SECRET, Portal, wait_until
from webapp.models import JournalEntry, RollEntry
from webapp.settings import ROOT

NEWER = "9999"


def _flask(environment: dict[str, str], *command: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [BIN / "flask", *map(str, command)], cwd=ROOT, env=environment,
        capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip


def _without_any_input(
    environment: dict[str, str], *command: object
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", "-c", 'exec "$@" <&-', "sh", BIN / "flask", *map(str, command)], cwd=ROOT,
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


def _some(folder: Path) -> Iterable[list[object]]:
    yield ["members", "import", folder / "roll.csv", "--letters", folder / "letters.csv"]
    yield ["members", "reissue", "0099001", "--letters", folder / "letters.csv", "--yes"]
    yield ["mail", "worker"]
    yield ["database", "upgrade"]


def _others(folder: Path) -> Iterable[list[object]]:
    yield ["members", "sign-out", "0099001"]
    yield ["database", "purge"]
    yield ["qa", "members", "make", "--letters", folder / "letters.csv"]
    yield ["qa", "members", "remove"]


def _says_version(own: Portal, version: str) -> None:
    with own.engine.begin() as connection:
        connection.execute(
            text("UPDATE alembic_version SET version_num = :v, oldest_code = :v"), {"v": version}
        )


@pytest.mark.parametrize(
    "command",
    ["", "database", "members", "mail", "qa", "members import", "members reissue", "mail worker"],
)
def test_a_command_names_itself_without_any_setting(command: str) -> None:
    done = _flask({}, *command.split(), "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert "--help" in done.stdout
    assert {"": "members", "members": "reissue", "members reissue": "--letters"}.get(
        command, "Usage"
    ) in done.stdout


@pytest.mark.parametrize("command", ["database upgrade", "database purge", "mail worker"])
def test_a_missing_setting_is_one_line_that_names_it(command: str) -> None:
    given = {"PUBLIC_URL": "https://espace.example.org", "MAIL_SERVER": "smtp.example.org"}
    done = _flask(given, *command.split())
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("SECRET_KEY is missing: ") and done.stderr.count("\n") == 1


@pytest.mark.parametrize("url", ["sqlite:////etc/hostname/x.sqlite3", "postgresql+asyncpg://x/y"])
def test_a_database_that_can_t_be_opened_is_one_line_that_names_its_setting(url: str) -> None:
    given = {"PUBLIC_URL": "https://a.example.org", "MAIL_SERVER": "b", "SECRET_KEY": SECRET}
    done = _flask(given | {"DATABASE_URL": url}, "database", "purge")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("DATABASE_URL ") and done.stderr.count("\n") == 1


def test_on_a_newer_schema_a_process_refuses_and_does_not_advise_to_upgrade(
    own_portal: NewPortal,
) -> None:
    """Nor does gunicorn. The journal and the roll stay as they were."""
    own = own_portal()
    _says_version(own, NEWER)
    for command in _some(own.folder):
        done = _flask(own.environment, *command)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1), done
        assert f"« {NEWER} »" in done.stderr.replace("\u00a0", " ")
        assert "upgrade" not in done.stderr
    own.first.serves = "wsgi:app"
    told = own.first.refuses_to_start()
    assert NEWER in told and "Traceback" not in told and "upgrade" not in told
    assert own.count(JournalEntry) == own.count(RollEntry) == 0
    assert list(own.folder.glob("*.csv")) == []


@no_database_decides
def test_on_an_older_schema_the_others_say_to_upgrade_first(own_portal: NewPortal) -> None:
    own = own_portal()
    _says_version(own, "0001")
    for command in _others(own.folder):
        done = _flask(own.environment, *command)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1), done
        assert "flask database upgrade" in done.stderr
    assert "run .venv/bin/flask database upgrade" in own.first.refuses_to_start()
    assert own.count(JournalEntry) == own.count(RollEntry) == 0


@no_database_decides
def test_a_reader_who_goes_away_undoes_nothing(own_portal: NewPortal) -> None:
    own = own_portal()
    roll = own.folder / "roll.csv"
    roll.write_text("numero_adherent\n0099001\n")
    gone, output = os.pipe()
    os.close(gone)
    done = subprocess.run(
        [BIN / "flask", "members", "import", roll], cwd=ROOT, env=own.environment,
        stdout=output, stderr=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    os.close(output)
    assert done.returncode == 0 and "Traceback" not in done.stderr and "Broken" not in done.stderr
    assert own.count(RollEntry) == 1


@pytest.mark.parametrize(
    "ends", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=["ctrl-c", "kill", "terminal"]
)
def test_an_import_that_is_told_to_end_imports_nothing_and_leaves_no_letter(
    own_portal: NewPortal, ends: signal.Signals
) -> None:
    own = own_portal()
    roll, letters = own.folder / "roll.csv", own.folder / "letters.csv"
    rows = "".join(f"{n:07d};Nom{n}\n" for n in range(60_000))
    roll.write_text("numero_adherent;nom\n" + rows)
    command = [BIN / "flask", "members", "import", roll, "--letters", letters]
    with subprocess.Popen(
        ["env", "--default-signal=INT,HUP", *command], cwd=ROOT, env=own.environment,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as importing:  # fmt: skip
        wait_until(lambda: list(own.folder.glob(".letters.csv.*")))
        importing.send_signal(ends)
        out, err = importing.communicate(timeout=60)
    assert (importing.returncode, out) == (128 + ends, ""), err
    assert err.splitlines()[-1] == "Interrompu. Rien n’a été changé.", err
    assert "Traceback" not in err
    assert own.count(RollEntry) == 0
    assert list(own.folder.glob("*letters*")) == []


@no_database_decides
def test_on_a_terminal_the_operator_is_asked_and_no_code_is_shown(own_portal: NewPortal) -> None:
    own = own_portal()
    letter, letters = own.member(), own.folder / "letters.csv"
    keyboard, terminal = os.openpty()
    os.write(keyboard, b"oui\n")
    done = subprocess.run(
        [BIN / "flask", "members", "reissue", letter.number, "--letters", letters],
        cwd=ROOT, env=own.environment, stdin=terminal, capture_output=True, text=True, check=False,
    )  # fmt: skip
    os.close(terminal)
    os.close(keyboard)
    assert done.returncode == 0, done.stderr
    assert letter.number in done.stderr and "[o/N]" in done.stderr
    with letters.open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file, delimiter=";")
    assert row["code_acces"] not in done.stdout + done.stderr


@no_database_decides
@pytest.mark.parametrize("asking", [["sign-out"], ["reissue", "--letters", "again.csv"]])
def test_without_any_input_a_question_is_a_sentence_and_a_no(
    own_portal: NewPortal, tmp_path: Path, asking: list[str]
) -> None:
    own = own_portal()
    letter = own.member()
    asked = [str(tmp_path / each) if each.endswith(".csv") else each for each in asking]
    done = _without_any_input(own.environment, "members", asked[0], letter.number, *asked[1:])
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    assert "--yes" in done.stderr
    assert not (tmp_path / "again.csv").exists()
