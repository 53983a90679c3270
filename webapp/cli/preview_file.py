"""The file of `flask members import --preview`: what the import would change, as a page."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from flask import current_app

from webapp.cli.output import Output
from webapp.services.kernel.work import Work
from webapp.services.roll import preview
from webapp.services.roll.preview import Preview
from webapp.services.roll.report import RollReport, Source

SHOWN = 500  # members of a table
PREVIEW = Output("--preview", "L’aperçu ne peut pas être écrit", "importé")


def write(
    work: Work, path: Path, source: Source, report: RollReport, stopped: Sequence[str] = ()
) -> None:
    """Write what the import of this work would change, its transaction still open; readable by its
    owner only. `stopped`: why the import is refused. Raises OutputFault."""
    told = Preview(report, preview.added(work, SHOWN), preview.changed(work, SHOWN), tuple(stopped))
    page: Callable[[Mapping[str, object]], Iterator[str]]
    page = current_app.extensions["portal_roll_page"]
    pieces = page(
        {
            "preview": told,
            "file_name": source.file_name,
            "operator": source.operator,
            "at": work.now,
        }
    )
    _put(path, pieces)


def _put(path: Path, pieces: Iterator[str]) -> None:
    PREVIEW.refuse_existing(path)
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.writelines(pieces)
    except OSError as error:
        if not isinstance(error, FileExistsError):
            with suppress(OSError):
                path.unlink()
        raise PREVIEW.unwritable(path, error) from error
