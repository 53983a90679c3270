"""Open the roll, whatever kind of file it came in."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import click

from webapp.cli.roll_files import kinds
from webapp.cli.roll_files.faults import RollFileFault
from webapp.cli.roll_files.roll_file import RollFile
from webapp.cli.roll_files.source import How, Source
from webapp.cli.roll_files.text_file import TextSource
from webapp.rules.disk_faults import reason

SIZE_MAX = 200 * 1024 * 1024  # bytes


@contextmanager
def open_roll(path: Path, how: How) -> Iterator[RollFile]:
    """Open the roll. Raises RollFileFault for whatever is not a file of members."""
    name = click.format_filename(path)
    try:
        if not path.is_file():
            missing = "n’existe pas" if not path.exists() else "n’est pas un fichier"
            raise RollFileFault(f"« {name} » {missing}. Vérifiez le chemin donné.")
        raw = path.open("rb")
    except OSError as error:
        raise _unreadable(name, error) from error
    with raw:
        size = raw.seek(0, io.SEEK_END)
        if size > SIZE_MAX:
            raise RollFileFault(
                f"« {name} » dépasse {SIZE_MAX // 1024 // 1024} Mo. Coupez-le en plusieurs "
                "fichiers, chacun avec l’en-tête, et importez-les l’un après l’autre."
            )
        try:
            roll = read_roll(raw, size, how)
        except OSError as error:
            raise _unreadable(name, error) from error
        yield roll


def read_roll(raw: BinaryIO, size: int, how: How) -> RollFile:
    """The roll in an open file of `size` bytes. Raises RollFileFault, OSError."""
    return RollFile(_source(raw, size, how), how)


def _source(raw: BinaryIO, size: int, how: How) -> Source:
    if kinds.kind(raw) == kinds.TEXT:
        if how.sheet is not None:
            raise RollFileFault("--sheet ne sert qu’aux classeurs : ce fichier est un texte.")
        return TextSource(raw, size, how)
    # What a text never needs is loaded when a workbook comes.
    from webapp.cli.roll_files.workbook import WorkbookSource

    return WorkbookSource(raw, size, how)


def _unreadable(name: str, error: OSError) -> RollFileFault:
    return RollFileFault(
        f"« {name} » ne peut pas être lu ({reason(error)}). Vérifiez les droits du fichier."
    )
