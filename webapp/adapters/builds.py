"""Builds of static files on disk, this version's and former ones: whole, held, how many stay.

A page may ask for another version's files: it is open since before an upgrade, or comes from a
host that is upgraded already, or is back again. So a build outlives the servers that served it.
"""

import hashlib
import json
import os
import re
from contextlib import suppress
from pathlib import Path

from webapp.adapters.held_folders import hold, remove_unless_held

FILES, SUMS = "files", "sums.json"
KEPT = 10  # of about 3 MB each
YOUNG_SECONDS = 3600
_FINGERPRINT = re.compile(r"[0-9a-f]{10}", re.ASCII)


class Builds:
    """Those in the folder `place`, one a fingerprint."""

    def __init__(self, place: Path):
        self._place = place
        self._seen: dict[str, Path | None] = {}  # each is held and read through once

    def newest(self) -> list[str]:
        """The fingerprints of all, whole or not, the newest first."""
        found: list[tuple[float, str]] = []
        with suppress(OSError):  # no folder, or one that goes meanwhile
            for each in os.scandir(self._place):
                if _FINGERPRINT.fullmatch(each.name) and each.is_dir(follow_symlinks=False):
                    found.append((each.stat().st_mtime, each.name))
        return [name for _, name in sorted(found, reverse=True)]

    def files(self, fingerprint: str) -> Path | None:
        """The files of a build, which this process holds from now on; None where it is not there
        or not whole."""
        folder = self._place / fingerprint
        if fingerprint not in self._seen and folder.is_dir():
            whole = hold(folder) and is_whole(folder)
            self._seen[fingerprint] = folder / FILES if whole else None
        return self._seen.get(fingerprint)


def remove_old(made: Path) -> None:
    """Remove from beside the new folder `made` what no server holds, but for the newest builds,
    and for what is so young that its server may be about to start."""
    kept = Builds(made.parent).newest()[:KEPT]
    for other in made.parent.iterdir():
        with suppress(FileNotFoundError):
            age = made.stat().st_mtime - other.stat().st_mtime
            if other.name not in kept and age > YOUNG_SECONDS:
                remove_unless_held(other)


def is_whole(folder: Path) -> bool:
    """Whether each file is as it was built: a power cut leaves some empty or cut off."""
    with suppress(OSError, ValueError):
        return bool(json.loads((folder / SUMS).read_bytes()) == _sums(folder / FILES))
    return False


def write_sums(folder: Path) -> None:
    """Note what `is_whole` compares with."""
    (folder / SUMS).write_text(json.dumps(_sums(folder / FILES)))


def _sums(files: Path) -> dict[str, str]:
    names = (Path(where) / name for where, _, found in os.walk(files) for name in found)
    return {
        each.relative_to(files).as_posix(): hashlib.sha256(each.read_bytes()).hexdigest()
        for each in names
    }
