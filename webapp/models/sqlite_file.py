"""A SQLite database as a file: nobody else's to read, and one that can be written to."""

import os
from contextlib import suppress
from pathlib import Path

BESIDE = ("-wal", "-shm")  # what SQLite puts there itself, with the rights of the database
_BEGINNING = b"SQLite format 3\0"
_OTHERS = 0o007


def check(path: Path) -> None:
    """Make the folder where it is missing, and raise OSError where the database couldn't be
    written to, ValueError where the file is something else."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise PermissionError(f"no right to write in the folder {path.parent}")
    for each in (path, *(path.with_name(path.name + end) for end in BESIDE)):
        if each.is_dir():
            raise IsADirectoryError(f"{each} is a folder")
        if each.exists() and not each.is_file():
            raise ValueError(f"{each} is no file")
        if each.exists() and not os.access(each, os.R_OK | os.W_OK):
            raise PermissionError(f"no right to write to {each}")
    with suppress(FileNotFoundError), path.open("rb") as file:
        if (beginning := file.read(len(_BEGINNING))) and beginning != _BEGINNING:
            raise ValueError(f"{path} is no SQLite file")


def make(path: Path) -> None:
    """Have the file there, its owner's alone, before SQLite would make one for all to read.

    Where that can't be SQLite can't either, and says so as of any database that is away.
    """
    with suppress(OSError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))


def close_to_others(path: Path) -> None:
    """Take from a file of a former version what other users could do with it. The group's rights
    stay: two users may share it by them."""
    for each in (path, *(path.with_name(path.name + end) for end in BESIDE)):
        with suppress(OSError):  # another's, who does it
            if (mode := each.stat().st_mode) & _OTHERS:
                each.chmod(mode & 0o777 & ~_OTHERS)
