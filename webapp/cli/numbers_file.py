"""Members' numbers from a file: one a line, or a table with a header, of any kind that the roll
comes in."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from webapp.cli.roll_files import kinds
from webapp.cli.roll_files.faults import RollFileFault
from webapp.cli.roll_files.opening import open_roll
from webapp.cli.roll_files.source import How
from webapp.rules import roll_headers
from webapp.rules.roll_file import NUMBER

_COLUMNS = re.compile(r"[;,\t|]")
_OPTION = re.compile(r"--[a-z]")
_UNCLEAR = (
    "Les numéros ne se trouvent pas dans ce fichier. Rien n’a été changé. Donnez un numéro par "
    "ligne, ou un tableau enregistré en « CSV UTF-8 » dont la colonne des numéros s’appelle "
    "« numero_adherent »."
)
_LIST_MAX = 8 * 1024 * 1024  # bytes: more numbers than there are members


def read(path: Path, today: date) -> list[str]:
    """The numbers as the file writes them. Raises RollFileFault where it is no such file, or has
    none."""
    found = _list_of(path)
    try:
        numbers = list(_column(path, today)) if found is None else found
    except RollFileFault as fault:
        if _OPTION.search(str(fault)):  # of the import, whose reader this is: it is none of ours
            raise RollFileFault(_UNCLEAR) from fault
        raise
    if not numbers:
        raise RollFileFault(
            "Ce fichier n’a aucun numéro d’adhérent. Donnez un numéro par ligne, ou un tableau "
            "avec une colonne « numero_adherent »."
        )
    return numbers


def _list_of(path: Path) -> list[str] | None:
    """One a line; None for what else it may be."""
    if not path.is_file() or path.stat().st_size > _LIST_MAX:
        return None
    try:
        with path.open("rb") as raw:
            if kinds.kind(raw) != kinds.TEXT:
                return None
            raw.seek(0)
            text = raw.read().decode("utf-8-sig")
    except (OSError, ValueError):  # other encodings are the roll's reader's to tell
        return None
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines or _COLUMNS.search(text) or roll_headers.find([[lines[0]]], {}) is not None:
        return [] if not lines else None
    return lines


def _column(path: Path, today: date) -> Iterator[str]:
    with open_roll(path, How(today)) as roll:
        at = roll.header.places[NUMBER]
        for line, cells in roll.rows():
            if cells is None:
                raise RollFileFault(
                    f"La ligne {line} ne peut pas être lue : ses guillemets ne vont pas par deux. "
                    "Rien n’a été changé."
                )
            if at < len(cells) and cells[at].strip():
                yield cells[at].strip()
