"""The folder of a server's counts: each server's own, and none left by killed ones."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from webapp.settings import ROOT

MAKE = "from webapp.adapters.metrics import folder; made = folder.make(); "


@pytest.fixture
def temporary(tmp_path: Path) -> Path:
    return tmp_path


def server(temporary: Path, deeds: str) -> subprocess.Popen[str]:
    """A process that makes its folder, says so, and waits for a line before it does `deeds`."""
    program = f"{MAKE}print(made, flush=True); input(); {deeds}"
    return subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "TMPDIR": str(temporary)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def made_by(running: subprocess.Popen[str]) -> Path:
    return Path(running.stdout.readline().strip())


def end(running: subprocess.Popen[str]) -> None:
    running.communicate("\n", timeout=30)


def test_a_server_that_stops_removes_its_folder(temporary: Path) -> None:
    running = server(temporary, "folder.remove()")
    assert made_by(running).is_dir()
    end(running)
    assert not list(temporary.iterdir())


def test_what_a_killed_server_left_is_removed_by_the_next(temporary: Path) -> None:
    killed = server(temporary, "")
    left = made_by(killed)
    killed.kill()
    killed.communicate()
    next_one = server(temporary, "folder.remove()")
    made_by(next_one)
    assert not left.exists()
    end(next_one)
    assert not list(temporary.iterdir())


def test_a_running_server_s_folder_is_left_alone_be_its_parent_dead(temporary: Path) -> None:
    """Workers outlive their master by some seconds, and still count."""
    first = server(temporary, "import os, time; os.fork() or time.sleep(60)")
    folder = made_by(first)
    other = server(temporary, "folder.remove()")
    assert made_by(other) != folder and folder.is_dir()
    end(other)
    first.kill()
    first.communicate()


def test_a_link_of_that_name_is_not_followed(temporary: Path) -> None:
    precious = temporary / "precious"
    precious.mkdir()
    (precious / "file").touch()
    (temporary / "portal-metrics-x").symlink_to(precious)
    running = server(temporary, "folder.remove()")
    made_by(running)
    end(running)
    assert (precious / "file").exists()


def test_others_can_t_look_into_it(temporary: Path) -> None:
    assert tempfile.gettempdir() != str(temporary)
    running = server(temporary, "folder.remove()")
    assert made_by(running).stat().st_mode & 0o077 == 0
    end(running)
