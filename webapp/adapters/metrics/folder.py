"""The folder in which the processes of one server count their requests.

It lives in the temporary folder and is held as long as any process of the server runs. A server
that is stopped removes it; one that is killed can't, so the next to start does it in its place.
"""

import os
import shutil
import tempfile
from pathlib import Path

from webapp.adapters.held_folders import make_held, remove_unless_held

# prometheus-client's own name: it decides when it is imported whether processes are added up
VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
_PREFIX = "portal-metrics-"


def make() -> Path:
    """A new folder of this process and of those forked from it, named in the environment. What
    killed servers left is removed first."""
    temporary = Path(tempfile.gettempdir())
    for left in temporary.glob(f"{_PREFIX}*"):
        remove_unless_held(left)
    folder = make_held(temporary, _PREFIX)
    os.environ[VARIABLE] = str(folder)
    return folder


def remove() -> None:
    """Remove this server's folder, if it has one."""
    if folder := os.environ.pop(VARIABLE, None):
        shutil.rmtree(folder, ignore_errors=True)
