"""The roll's file, opened and read row by row, in as much memory as one row needs."""

import csv
import io
from codecs import getincrementaldecoder
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import click

from webapp.rules.roll_file import Header, HeaderFault, read_header

SIZE_MAX = 200 * 1024 * 1024  # bytes
ROW_MAX = 64 * 1024  # characters: more is a quote that nobody closed, not a member
_BLOCK = 1024 * 1024


class RollFileFault(Exception):
    """The file can't be read. The message is a French sentence that says what to do."""


class _Lines:
    """The file's physical lines, none of whose rows may grow past ROW_MAX."""

    def __init__(self, text: io.TextIOWrapper):
        self._text, self.row_size = text, 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._text.readline(ROW_MAX + 1)
        if not line:
            raise StopIteration
        self.row_size += len(line)
        if self.row_size > ROW_MAX:
            raise csv.Error("endless row")
        return line


class RollFile:
    """An open roll: its header, then its rows once."""

    def __init__(self, raw: BinaryIO, size: int):
        self._raw, self.size = raw, size
        encoding = _encoding(raw)
        raw.seek(0)
        text = io.TextIOWrapper(raw, encoding, newline="")
        separator = _separator(text)
        raw.seek(0)
        text.detach()
        self._lines = _Lines(io.TextIOWrapper(raw, encoding, newline=""))
        self._reader = csv.reader(self._lines, delimiter=separator, strict=True)
        self.header = self._read_header()

    def position(self) -> int:
        """How many bytes were read."""
        return self._raw.tell()

    def rows(self) -> Iterator[tuple[int, Sequence[str] | None]]:
        """The line on which each row starts and its cells, None when its quotes are broken.

        Raises RollFileFault when nobody can tell where such a row ends.
        """
        while True:
            start = self._reader.line_num + 1
            self._lines.row_size = 0
            try:
                cells = next(self._reader, None)
            except csv.Error as error:
                if self._reader.line_num > start or self._lines.row_size > ROW_MAX:
                    raise RollFileFault(
                        f"L’adhérent de la ligne {start} n’a pas de fin : un guillemet y est sans "
                        "doute mal fermé. Rien n’a été importé. Corrigez cette ligne (dans un "
                        "texte, un guillemet se double), puis relancez la commande."
                    ) from error
                yield start, None
                continue
            except UnicodeDecodeError as error:
                raise RollFileFault(
                    "Le fichier a changé pendant sa lecture. Rien n’a été importé. "
                    "Attendez qu’il soit complet, puis relancez la commande."
                ) from error
            if cells is None:
                return
            if any(cell.strip() for cell in cells):
                yield start, cells

    def _read_header(self) -> Header:
        found = next(self.rows(), None)
        if found is None:
            raise RollFileFault("Le fichier est vide. Donnez un fichier CSV avec un en-tête.")
        try:
            return read_header(found[1] or ())
        except HeaderFault as fault:
            raise RollFileFault(str(fault)) from fault


@contextmanager
def open_roll(path: Path) -> Iterator[RollFile]:
    """Open the roll. Raises RollFileFault for whatever is not a CSV file of members."""
    name = click.format_filename(path)
    try:
        if not path.is_file():
            missing = "n’existe pas" if not path.exists() else "n’est pas un fichier"
            raise RollFileFault(f"« {name} » {missing}. Vérifiez le chemin donné.")
        raw = path.open("rb")
    except OSError as error:
        raise RollFileFault(
            f"« {name} » ne peut pas être lu ({error.strerror}). Vérifiez les droits du fichier."
        ) from error
    with raw:
        size = raw.seek(0, io.SEEK_END)
        if size > SIZE_MAX:
            raise RollFileFault(
                f"« {name} » dépasse {SIZE_MAX // 1024 // 1024} Mo. Coupez-le en plusieurs "
                "fichiers, chacun avec l’en-tête, et importez-les l’un après l’autre."
            )
        yield RollFile(raw, size)


def _encoding(raw: BinaryIO) -> str:
    """UTF-8 when the whole file is, else Windows-1252, in which almost any bytes are letters."""
    raw.seek(0)
    decoders = {name: getincrementaldecoder(name)() for name in ("utf-8", "cp1252")}
    while decoders:
        block = raw.read(_BLOCK)
        if b"\0" in block:
            break
        for name in list(decoders):
            try:
                decoders[name].decode(block, final=not block)
            except UnicodeDecodeError:
                del decoders[name]
        if not block and decoders:
            return "utf-8-sig" if "utf-8" in decoders else "cp1252"
    raise RollFileFault(
        "Ce fichier n’est pas un texte CSV (image, classeur ou autre format). Dans votre tableur, "
        "choisissez « Enregistrer sous », format « CSV UTF-8 », et importez le fichier obtenu."
    )


def _separator(text: io.TextIOWrapper) -> str:
    """The one of « ; » and « , » that sets the number's column apart in the first line."""
    line = next((line for line in iter(lambda: text.readline(ROW_MAX), "") if line.strip()), "")
    for separator in (";", ","):
        try:
            read_header(next(csv.reader([line], delimiter=separator), []))
        except (HeaderFault, csv.Error):
            continue
        return separator
    return ";" if line.count(";") >= line.count(",") else ","
