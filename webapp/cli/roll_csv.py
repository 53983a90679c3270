"""The roll's file, opened and read row by row, in as much memory as one row needs."""

import csv
import io
import re
from codecs import getincrementaldecoder
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import accumulate, chain, islice
from pathlib import Path
from typing import BinaryIO

import click

from webapp.rules.roll_file import Header, HeaderFault, read_header

SIZE_MAX = 200 * 1024 * 1024  # bytes
ROW_MAX = 64 * 1024  # bytes: more is a quote that nobody closed, not a member
_BLOCK, _ROWS = 1024 * 1024, 256
_BREAK = re.compile("\r\n|\r|\n")


class RollFileFault(Exception):
    """The file can't be read. The message is a French sentence that says what to do."""


class _Lines:
    """The file's physical lines, some thousand at a time; `taken` counts their characters."""

    def __init__(self, text: io.TextIOWrapper):
        self._text, self.taken = text, 0

    def blocks(self) -> Iterator[list[str]]:
        """Raises csv.Error when the rows under way took more than they may."""
        while lines := self._text.readlines(_BLOCK // 8):
            self.taken += sum(map(len, lines))
            if self.endless:
                raise csv.Error("endless row")
            yield lines

    @property
    def endless(self) -> bool:
        return self.taken > _ROWS * ROW_MAX


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
        lines = chain.from_iterable(self._lines.blocks())
        self._reader = csv.reader(lines, delimiter=separator, strict=True)
        self.header = self._read_header()

    def position(self) -> int:
        """How many bytes were read."""
        return self._raw.tell()

    def rows(self) -> Iterator[tuple[int, Sequence[str] | None]]:
        """The line on which each row starts and its cells, None when its quotes are broken.

        Raises RollFileFault when nobody can tell where such a row ends.
        """
        while found := self._some_rows():
            yield from found

    def _some_rows(self, most: int = _ROWS) -> list[tuple[int, Sequence[str] | None]]:
        """The next rows that are not blank, as `rows` tells them; none at the end."""
        while True:
            start, rows = self._reader.line_num + 1, list[list[str]]()
            self._lines.taken = 0
            try:
                rows.extend(islice(self._reader, most))  # an error leaves those before it
            except csv.Error as error:
                *starts, broken = _starts(start, rows)
                if self._reader.line_num > broken or self._lines.endless:
                    raise _no_end(broken) from error
                return [*_rows(starts, rows), (broken, None)]
            except UnicodeDecodeError as error:
                raise RollFileFault(
                    "Le fichier a changé pendant sa lecture. Rien n’a été importé. "
                    "Attendez qu’il soit complet, puis relancez la commande."
                ) from error
            single = self._reader.line_num - start + 1 == len(rows)  # a line each
            found = _rows(range(start, start + len(rows)) if single else _starts(start, rows), rows)
            if found or not rows:
                return found

    def _read_header(self) -> Header:
        found = self._some_rows(1)
        if not found:
            raise RollFileFault("Le fichier est vide. Donnez un fichier CSV avec un en-tête.")
        try:
            return read_header(found[0][1] or ())
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
        raise _unreadable(name, error) from error
    with raw:
        size = raw.seek(0, io.SEEK_END)
        if size > SIZE_MAX:
            raise RollFileFault(
                f"« {name} » dépasse {SIZE_MAX // 1024 // 1024} Mo. Coupez-le en plusieurs "
                "fichiers, chacun avec l’en-tête, et importez-les l’un après l’autre."
            )
        try:
            roll = RollFile(raw, size)
        except OSError as error:
            raise _unreadable(name, error) from error
        yield roll


def _unreadable(name: str, error: OSError) -> RollFileFault:
    return RollFileFault(
        f"« {name} » ne peut pas être lu ({error.strerror}). Vérifiez les droits du fichier."
    )


def _rows(starts: Iterable[int], rows: list[list[str]]) -> list[tuple[int, Sequence[str] | None]]:
    """Rows with the lines on which they start, without those that are blank."""
    found: list[tuple[int, Sequence[str] | None]] = list(zip(starts, rows, strict=False))
    if not [row for row in rows if not row or not row[0].strip()]:  # none can be blank
        return found
    return [(line, row) for line, row in found if row and any(cell.strip() for cell in row)]


def _starts(start: int, rows: list[list[str]]) -> list[int]:
    """The line on which each row starts, and the one after them all: quotes may hold breaks."""
    lines = (1 + sum(len(_BREAK.findall(cell)) for cell in row) for row in rows)
    return list(accumulate(lines, initial=start))


def _no_end(line: int) -> RollFileFault:
    return RollFileFault(
        f"L’adhérent de la ligne {line} n’a pas de fin : un guillemet y est sans doute mal fermé. "
        "Rien n’a été importé. Corrigez cette ligne (dans un texte, un guillemet se double), puis "
        "relancez la commande."
    )


class _Ends:
    """Looks, block by block, for a line that has no end."""

    def __init__(self) -> None:
        self._line, self._length = 1, 0
        self.missing: int | None = None

    def look(self, block: bytes) -> None:
        lengths = list(map(len, block.splitlines(keepends=True)))
        lengths[0] += self._length
        if self.missing is None and max(lengths) > ROW_MAX:
            self.missing = self._line + next(
                at for at, length in enumerate(lengths) if length > ROW_MAX
            )
        ended = block.endswith((b"\n", b"\r"))
        self._line += len(lengths) if ended else len(lengths) - 1
        self._length = 0 if ended else lengths[-1]


def _encoding(raw: BinaryIO) -> str:
    """UTF-8 when the whole file is, else Windows-1252, in which almost any bytes are letters.

    Raises RollFileFault for what is no text, and for a line that must not be read whole.
    """
    raw.seek(0)
    decoders = {name: getincrementaldecoder(name)() for name in ("utf-8", "cp1252")}
    ends = _Ends()
    while decoders:
        block = raw.read(_BLOCK)
        if block.endswith(b"\r"):
            block += raw.read(1)  # a break of two signs is one
        if b"\0" in block:
            break
        for name in list(decoders):
            try:
                decoders[name].decode(block, final=not block)
            except UnicodeDecodeError:
                del decoders[name]
        if block:
            ends.look(block)
        elif ends.missing is not None:
            raise _no_end(ends.missing)
        elif decoders:
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
