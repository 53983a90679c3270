"""Folders that processes share: what nobody holds any more can be removed, nothing else."""

import os
import subprocess
import sys
from pathlib import Path

from webapp.adapters.held_folders import hold, make_held, remove_unless_held
from webapp.settings import ROOT

HOLDS = """
import sys; from pathlib import Path; from webapp.adapters.held_folders import hold
print(hold(Path(sys.argv[1])), flush=True); sys.stdin.read()
"""


def holder(folder: Path) -> subprocess.Popen[str]:
    """Another process, which holds the folder until it is killed."""
    running = subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(folder)],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert running.stdout.readline() == "True\n"
    return running


def test_a_folder_is_removed_once_its_holder_was_killed(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    running = holder(folder)
    remove_unless_held(folder)
    assert folder.is_dir()
    running.kill()
    running.communicate()
    remove_unless_held(folder)
    assert not folder.exists()


def test_a_new_one_is_held_from_its_birth_and_nobody_else_s(tmp_path: Path) -> None:
    folder = make_held(tmp_path, "x-")
    remove_unless_held(folder)
    assert folder.is_dir() and os.stat(folder).st_mode & 0o077 == 0


def test_what_is_gone_can_t_be_held(tmp_path: Path) -> None:
    assert not hold(tmp_path / "gone")


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    precious, link = tmp_path / "precious", tmp_path / "link"
    precious.mkdir()
    link.symlink_to(precious)
    remove_unless_held(link)
    assert precious.is_dir()
