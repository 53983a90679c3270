"""`make install` where something is missing or left half-made: one line, and the next run works.

The Makefile's own scripts in a folder of their own, with nothing to install but what a test says.
"""

import ensurepip
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from webapp.settings import ROOT

NOWHERE = "http://127.0.0.1:1"  # nobody listens there
LOCKED = f"idna==3.20 --hash=sha256:{'0' * 64}\n"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "requirements").mkdir()
    for name in ("make-venv", "install"):
        shutil.copy(ROOT / "requirements" / name, tmp_path / "requirements")
    (tmp_path / "requirements" / "run.txt").touch()
    return tmp_path


def _run(home: Path, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=home, env=os.environ | environment, capture_output=True, text=True,
        check=False,
    )  # fmt: skip


def _make(home: Path) -> subprocess.CompletedProcess[str]:
    return _run(home, "requirements/make-venv", sys.executable)


def _one_line(done: subprocess.CompletedProcess[str]) -> str:
    assert (done.returncode, done.stderr.count("\n")) == (1, 1), done
    return done.stderr


def test_without_the_package_of_ensurepip_it_is_named(home: Path, tmp_path: Path) -> None:
    """An empty folder lies over ensurepip, for this process alone."""
    (tmp_path / "empty").mkdir()
    done = _run(
        home, "unshare", "--map-root-user", "--mount",
        "sh", "-c", 'mount --bind "$1" "$2" && exec "$3" "$4"', "sh",
        str(tmp_path / "empty"), str(Path(ensurepip.__file__).parent),
        "requirements/make-venv", sys.executable,
    )  # fmt: skip
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert f"apt install python{version}-venv" in _one_line(done)
    assert not (home / ".venv").exists()


def test_without_any_python_it_is_one_line(home: Path) -> None:
    assert "« python3.99 » manque" in _one_line(_run(home, "requirements/make-venv", "python3.99"))


def test_what_was_left_without_pip_or_interrupted_is_made_anew_and_a_whole_one_is_left(
    home: Path,
) -> None:
    _run(home, sys.executable, "-m", "venv", "--without-pip", ".venv")
    made = _make(home)
    assert made.returncode == 0 and "il est refait" in made.stdout, made
    assert (home / ".venv" / ".half-made").exists(), "nothing is installed yet"
    assert _run(home, "requirements/install", "run.txt").returncode == 0

    (home / ".venv" / "kept").touch()
    assert (_make(home).stdout, (home / ".venv" / "kept").exists()) == ("", True)


def test_an_interrupted_installation_is_made_anew(home: Path) -> None:
    """Whoever runs the tests in the background has them begin with SIGINT ignored."""
    heeding = ["env", "--default-signal=INT"]
    making = subprocess.Popen(
        [*heeding, "requirements/make-venv", sys.executable], cwd=home, start_new_session=True
    )
    while not (home / ".venv" / "bin" / "python").exists():
        time.sleep(0.01)
    os.killpg(making.pid, signal.SIGINT)
    assert making.wait() != 0
    assert "il est refait" in _make(home).stdout


def test_a_repository_that_does_not_answer_is_one_line(home: Path) -> None:
    (home / "requirements" / "run.txt").write_text(LOCKED)
    (home / ".venv").symlink_to(ROOT / ".venv")
    done = _run(
        home, "requirements/install", "run.txt",
        PIP_CONFIG_FILE=os.devnull, PIP_INDEX_URL=NOWHERE, PIP_RETRIES="0",
        PIP_EXTRA_INDEX_URL="", PIP_TARGET=str(home / "elsewhere"), PIP_NO_CACHE_DIR="1",
    )  # fmt: skip
    assert _one_line(done).startswith("Le dépôt des paquets Python ne répond pas")
