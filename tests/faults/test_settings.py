"""What is accepted at the start works: real processes, folders, databases and ports."""

import os
import shutil
import socket
import subprocess
import urllib.request
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from tests.faults.portal import BIN, SECRET, free_port
from tests.faults.postgres import Postgres
from webapp.settings import ROOT

GIVEN = {
    "PATH": os.environ["PATH"],
    "SECRET_KEY": SECRET,
    "PUBLIC_URL": "https://espace.example.org",
    "MAIL_SERVER": "smtp.example.org",
}
UPGRADE = [BIN / "flask", "database", "upgrade"]
CHECK = [BIN / "gunicorn", "wsgi:app", "--check-config"]
SERVE = [BIN / "gunicorn", "--log-level", "warning", "wsgi:app"]  # as `make run` does
CODE = ("webapp", "templates", "static", "docs/guide", "wsgi.py", "gunicorn.conf.py")
# root may write anywhere, unless it gives that up
BOUND = ["setpriv", "--bounding-set=-dac_override"] if os.geteuid() == 0 else []


def _run(command, home=ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=home, env=GIVEN | environment, capture_output=True, text=True, check=False,
        timeout=60, stdin=subprocess.DEVNULL,
    )  # fmt: skip


def _refused(done: subprocess.CompletedProcess[str]) -> str:
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1), done
    return done.stderr.replace("\u00a0", " ")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The portal's code in a folder whose name is no address."""
    home = tmp_path_factory.mktemp("homes") / "50% à #1?"
    for name in CODE:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        copy(ROOT / name, home / name)
    return home


def test_no_command_makes_a_database_that_nobody_named(home: Path, tmp_path: Path) -> None:
    file = home / "instance" / "portal.sqlite3"
    for command in (UPGRADE, CHECK, [BIN / "flask", "mail", "worker"]):
        assert _refused(_run(command, home)).startswith("DATABASE_URL is not set")
        assert not file.parent.exists()

    named = _run(UPGRADE, home, DATABASE_URL="sqlite:///instance/portal.sqlite3")
    assert named.returncode == 0, named.stderr
    assert f"« {file} »" in named.stdout.replace("\u00a0", " "), "which one is said"
    assert file.stat().st_mode & 0o777 == 0o600
    assert [each.split()[0] for each in named.stderr.splitlines()] == [
        "BRAND_DIR", "MAIL_DEFAULT_SENDER",
    ]  # fmt: skip

    elsewhere = _run(UPGRADE, tmp_path, FLASK_APP=str(home / "wsgi.py"))
    assert elsewhere.returncode == 0 and str(file) in elsewhere.stdout, elsewhere
    assert list(tmp_path.iterdir()) == []
    own = {"MAIL_DEFAULT_SENDER": "Mutuelle <non@mutuelle.example.org>"}
    started = _run(CHECK, home, **own)
    assert started.returncode == 0 and started.stderr.count('"level": "warning"') == 1, started
    assert '"message": "BRAND_DIR is not set' in started.stderr


def test_a_folder_or_file_that_cannot_be_written_to_is_one_line(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/portal.sqlite3"
    tmp_path.chmod(0o555)
    for command in (UPGRADE, CHECK):
        told = _refused(_run(BOUND + command, DATABASE_URL=url))
        assert told.startswith(
            f"DATABASE_URL can't be opened (no right to write in the folder {tmp_path}"
        )
    tmp_path.chmod(0o755)
    assert _run(UPGRADE, DATABASE_URL=url).returncode == 0
    (tmp_path / "portal.sqlite3").chmod(0o400)
    assert "no right to write to" in _refused(_run(BOUND + CHECK, DATABASE_URL=url))


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
def test_a_database_that_is_not_in_utf8_is_one_line(postgres: Postgres, encoding: str) -> None:
    name = f"in_{encoding.lower()}"
    admin = create_engine(postgres.url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(
            text(
                f"CREATE DATABASE {name} ENCODING '{encoding}' "
                "LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0"
            )
        )
    admin.dispose()
    url = make_url(postgres.url).set(database=name).render_as_string(hide_password=False)
    for command in (UPGRADE, CHECK):
        told = _refused(_run(command, DATABASE_URL=url))
        assert told.startswith(f"DATABASE_URL leads to a database in {encoding}, ")


@pytest.mark.parametrize(
    ("name", "wrong"),
    [("PORT", "99999"), ("WEB_CONCURRENCY", "0")],
)
def test_a_port_or_a_number_of_processes_that_is_none_is_one_line(name: str, wrong: str) -> None:
    assert _refused(_run(CHECK, **{name: wrong})).startswith(f"{name} must be a whole number")


def test_a_port_that_is_taken_is_one_line_and_nothing_was_promised(tmp_path: Path) -> None:
    demo = {"DEMO": "1", "DATABASE_URL": f"sqlite:///{tmp_path}/demo.sqlite3"}
    demo |= {"MAIL_SERVER": "", "PUBLIC_URL": "", "SECRET_KEY": ""}
    assert _run(UPGRADE, **demo).returncode == 0
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        told = _refused(_run(SERVE, **demo, PORT=str(port)))
    assert told.startswith(f"Le port {port} est déjà pris") and "make run PORT=" in told


def test_the_demonstration_s_address_is_the_last_thing_said_and_true(tmp_path: Path) -> None:
    demo = {"DEMO": "1", "DATABASE_URL": f"sqlite:///{tmp_path}/demo.sqlite3"}
    demo |= {"MAIL_SERVER": "", "PUBLIC_URL": "", "SECRET_KEY": ""}
    assert _run(UPGRADE, **demo).returncode == 0
    port = free_port()
    with subprocess.Popen(
        SERVE, cwd=ROOT, env=GIVEN | demo | {"PORT": str(port)},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    ) as server:  # fmt: skip
        said = [server.stdout.readline()]
        while said[-1] and "Ctrl+C" not in said[-1]:
            said.append(server.stdout.readline())
        with urllib.request.urlopen(f"http://localhost:{port}/sante", timeout=30) as answer:
            assert answer.status == 200
        server.terminate()
        text = "".join([*said, server.stdout.read()]).strip()
    assert text.startswith(f"Le portail : http://localhost:{port}\n")
    assert text.endswith("Ctrl+C pour arrêter.") and "{" not in text
    assert server.returncode == 0
