"""The file of `flask members import --preview`: what the import would change, as a page."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import click
from flask import current_app

from webapp.services.kernel.work import Work
from webapp.services.roll import preview
from webapp.services.roll.preview import Preview
from webapp.services.roll.report import RollReport, Source

SHOWN = 500  # members of a table


class PreviewFault(Exception):
    """The file can't be written. The message is a French sentence that says what to do."""


def refuse_existing(path: Path) -> None:
    """Raise PreviewFault when something is there."""
    if os.path.lexists(path):
        raise PreviewFault(
            f"« {click.format_filename(path)} » existe déjà et ne sera pas remplacé. Rien n’a été "
            "importé. Donnez un autre nom à --preview, ou déplacez ce fichier."
        )


def write(
    work: Work, path: Path, source: Source, report: RollReport, stopped: Sequence[str] = ()
) -> None:
    """Write what the import of this work would change, its transaction still open; readable by its
    owner only. `stopped`: why the import is refused. Raises PreviewFault."""
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
    refuse_existing(path)
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.writelines(pieces)
    except OSError as error:
        if not isinstance(error, FileExistsError):
            with suppress(OSError):
                path.unlink()
        raise PreviewFault(
            f"L’aperçu ne peut pas être écrit dans « {click.format_filename(path)} » "
            f"({error.strerror}). Rien n’a été importé. Vérifiez le dossier, ses droits et la "
            "place sur le disque, puis relancez la commande."
        ) from error
