"""The folder in which the processes of one server count their requests.

It lives in the temporary folder and is locked as long as any process of the server runs. A server
that is stopped removes it; one that is killed can't, so the next to start does it in its place.
"""

import fcntl
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

# prometheus-client's own name: it decides when it is imported whether processes are added up
VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
_PREFIX = "portal-metrics-"


def make() -> Path:
    """A new folder of this process and of those forked from it, named in the environment. What
    killed servers left is removed first."""
    for left in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        _remove_abandoned(left)
    while True:
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
        fcntl.flock(os.open(folder, os.O_RDONLY), fcntl.LOCK_SH)
        if folder.is_dir():  # else another server took it for abandoned before it was locked
            os.environ[VARIABLE] = str(folder)
            return folder


def remove() -> None:
    """Remove this server's folder, if it has one."""
    if folder := os.environ.pop(VARIABLE, None):
        shutil.rmtree(folder, ignore_errors=True)


def _remove_abandoned(folder: Path) -> None:
    """Remove the folder unless a process still holds it, or it is another user's."""
    with suppress(OSError):  # a link, not ours, held, or gone meanwhile
        held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            if os.fstat(held).st_uid == os.getuid():
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
        finally:
            os.close(held)
