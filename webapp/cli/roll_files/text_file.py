"""A roll that is text: opened and read row by row, in as much memory as one row needs."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, chain, islice
from typing import BinaryIO

from webapp.cli.roll_files import text_encoding
from webapp.cli.roll_files.faults import RollFileFault
from webapp.cli.roll_files.source import Cells, How
from webapp.cli.roll_files.text_encoding import ROW_MAX
from webapp.rules import roll_headers

SEPARATORS = {";": "« ; »", ",": "« , »", "\t": "tabulation", "|": "« | »"}
_BLOCK, _ROWS = 128 * 1024, 256
_BREAK = re.compile("\r\n|\r|\n")
_SEP_LINE = re.compile(r'"?sep=(.)"?[;,]*\s*', re.IGNORECASE)  # a spreadsheet's own first line


class _Lines:
    """The file's physical lines, some thousand at a time; `taken` counts their characters."""

    def __init__(self, text: io.TextIOWrapper):
        self._text, self.taken = text, 0

    def blocks(self) -> Iterator[list[str]]:
        """Raises csv.Error when the rows under way took more than they may."""
        while lines := self._text.readlines(_BLOCK):
            self.taken += sum(map(len, lines))
            if self.endless:
                raise csv.Error("endless row")
            yield lines

    @property
    def endless(self) -> bool:
        return self.taken > _ROWS * ROW_MAX


class TextSource:
    """An open text."""

    hint = ""

    def __init__(self, raw: BinaryIO, size: int, how: How):
        self._raw, self.size = raw, size
        self._encoding = text_encoding.decide(raw, how.encoding)
        self.readings = self._encoding.doubts
        raw.seek(0)
        text = io.TextIOWrapper(raw, self._encoding.name, newline="")
        self._separator, self._skipped = _separator(text, how)
        self._text = text
        self.again()
        self.told = f"{self._encoding.shown}, séparateur {SEPARATORS[self._separator]}"

    def again(self) -> None:
        """Read from the beginning once more."""
        self._text.detach()
        self._raw.seek(0)
        self._text = io.TextIOWrapper(self._raw, self._encoding.name, newline="")
        if self._skipped:
            self._text.readline()
        self._lines = _Lines(self._text)
        lines = chain.from_iterable(self._lines.blocks())
        self._reader = csv.reader(lines, delimiter=self._separator, strict=True)

    def begin(self, line: int, dates: Sequence[int]) -> list[str]:
        """A text has nothing but its rows."""
        return []

    def position(self) -> int:
        """How many bytes were read."""
        return self._raw.tell()

    def sample(self, reading: str | None = None) -> list[Sequence[str]]:
        """Some rows with accents, and the first ones; as another encoding would read them."""
        encoding = reading or self._encoding.lines_in
        rows: list[Sequence[str]] = []
        for line in self._encoding.lines:  # each by itself: a quote may be open in one
            text = line.decode(encoding, "replace").lstrip("\ufeff")
            rows.extend(csv.reader([text], delimiter=self._separator))
        return rows

    def some_rows(self, most: int) -> list[Cells]:
        """The next rows that are not blank: line and cells, None when quotes are broken. None at
        the end. Raises RollFileFault when nobody can tell where such a row ends."""
        while True:
            start, rows = self._line, list[list[str]]()
            self._lines.taken = 0
            try:
                rows.extend(islice(self._reader, most))  # an error leaves those before it
            except csv.Error as error:
                *starts, broken = _starts(start, rows)
                if self._line - 1 > broken or self._lines.endless:
                    raise text_encoding.no_end(broken) from error
                return [*_rows(starts, rows), (broken, None)]
            except UnicodeError as error:
                raise RollFileFault(
                    "Le fichier a changé pendant sa lecture. Rien n’a été importé. "
                    "Attendez qu’il soit complet, puis relancez la commande."
                ) from error
            single = self._line - start == len(rows)  # a line each
            found = _rows(range(start, start + len(rows)) if single else _starts(start, rows), rows)
            if found or not rows:
                return found

    @property
    def _line(self) -> int:
        """The next one."""
        return self._reader.line_num + self._skipped + 1


def _rows(starts: Iterable[int], rows: list[list[str]]) -> list[Cells]:
    """Rows with the lines on which they start, without those that are blank."""
    found: list[Cells] = list(zip(starts, rows, strict=False))
    if not [row for row in rows if not row or not row[0].strip()]:  # none can be blank
        return found
    return [(line, row) for line, row in found if row and any(cell.strip() for cell in row)]


def _starts(start: int, rows: list[list[str]]) -> list[int]:
    """The line on which each row starts, and the one after them all: quotes may hold breaks."""
    lines = (1 + sum(len(_BREAK.findall(cell)) for cell in row) for row in rows)
    return list(accumulate(lines, initial=start))


def _separator(text: io.TextIOWrapper, how: How) -> tuple[str, int]:
    """The sign that sets the number's column apart, and how many lines only name it."""
    lines = list(islice(iter(lambda: text.readline(ROW_MAX), ""), 2 * roll_headers.TITLE_ROWS))
    if lines and (named := _SEP_LINE.fullmatch(lines[0])):
        if named[1] not in SEPARATORS:
            raise RollFileFault(
                f"La première ligne annonce le séparateur « {named[1]} » : attendu « ; », « , », "
                "« | » ou une tabulation. Enregistrez le fichier avec l’un d’eux."
            )
        return named[1], 1
    for separator in SEPARATORS:
        try:
            rows = list(csv.reader(lines, delimiter=separator))
        except csv.Error:
            continue
        if roll_headers.find(rows, how.columns) is not None:
            return separator, 0
    told = "".join(lines)
    return max(SEPARATORS, key=told.count), 0
