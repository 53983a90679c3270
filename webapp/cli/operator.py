"""Who runs a command, as the imports and the journal remember it."""

import getpass
import os

from webapp.rules.roll_values import shown

ROOM = 120


def operator() -> str:
    """The account on this machine: with sudo, the one who asked for it."""
    try:
        name = os.environ.get("SUDO_USER") or getpass.getuser()
    except (KeyError, OSError):  # a number without a name, as in a container
        name = f"compte n° {os.getuid()}"
    return shown(name, ROOM)
