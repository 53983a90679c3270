"""A file that a command makes, at a place that must be free: what is said where it can't be."""

import os
from dataclasses import dataclass
from pathlib import Path

import click

from webapp.rules.disk_faults import reason


class OutputFault(Exception):
    """The file can't be written. The message is a French sentence that says what to do."""


def claim(place: Path) -> None:
    """Make an empty file where a draft is about to be moved: a rename alone would overwrite one
    made in the meantime. Raises OSError; FileExistsError for such a file."""
    os.close(os.open(place, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def sync_folder(folder: Path) -> None:
    """Have the disk keep which files are in the folder. Raises OSError."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@dataclass(frozen=True)
class Output:
    """`option` names the file, `cannot` begins the sentence of a disk that does not take it;
    `undone` is what was not done then: « changé », « importé »."""

    option: str
    cannot: str
    undone: str

    def refuse_existing(self, path: Path) -> None:
        """Raise OutputFault when something is there: somebody may still need it."""
        if os.path.lexists(path):
            raise OutputFault(
                f"« {click.format_filename(path)} » existe déjà et ne sera pas remplacé. Rien n’a "
                f"été {self.undone}. Donnez un autre nom à {self.option}, ou déplacez ce fichier."
            )

    def unwritable(self, path: Path, error: OSError) -> OutputFault:
        """What to raise for this error."""
        return OutputFault(
            f"{self.cannot} dans « {click.format_filename(path)} » ({reason(error)}). "
            f"Rien n’a été {self.undone}. Vérifiez le dossier, ses droits et la place sur le "
            "disque, puis relancez la commande."
        )
