"""Folders that processes share, each locked as long as a process uses it: what nobody uses any
more, be it that its processes were killed, can be told from the rest and removed."""

import fcntl
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path


def make_held(parent: Path, prefix: str) -> Path:
    """A new folder that this process holds, for its user alone."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
        if hold(folder):
            return folder


def hold(folder: Path) -> bool:
    """Lock the folder until this process, and those forked from it, have ended. False when it is
    gone: somebody took it for abandoned before it was locked."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)  # closed by the process's end
    except OSError:
        return False
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    return folder.is_dir()


def remove_unless_held(folder: Path) -> None:
    """Remove the folder unless a process holds it, or it is another user's, or a link."""
    with suppress(OSError):  # held, not ours, or gone meanwhile
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            if os.fstat(descriptor).st_uid == os.getuid():
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
        finally:
            os.close(descriptor)
