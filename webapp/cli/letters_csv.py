"""The table of a batch's letters, for the printer. It appears whole, or not at all.

What a spreadsheet would take for a number or a date ends with a tab, which keeps it a text: that
shows nowhere, and whoever trims blanks has the plain value (docs/roll.md).
"""

import contextlib
import csv
import io
import os
import tempfile
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import TextIO

from sqlalchemy.exc import DBAPIError

from webapp.cli import signals
from webapp.cli.output import Output, claim, sync_folder
from webapp.cli.work import committing
from webapp.rules import postal
from webapp.services.kernel.work import Work
from webapp.services.letters.sheets import Sheet

COLUMNS = (
    "sequence", "numero_adherent", "civilite", "nom", "prenom",
    *(f"adresse_{at}" for at in range(1, postal.LINES + 1)),
    "code_acces", "bon_jusquau", "adresse_du_portail",
)  # fmt: skip
_BLANK = ("",) * postal.LINES
_TEXT = "\t"  # at the end of a cell: LibreOffice 7.4 keeps zeros and days so
_FORMULA_SIGNS = tuple("=+-@\t\r\0")  # ASVS 1.2.10: a spreadsheet runs what begins with these


LETTERS = Output("--letters", "Les lettres ne peuvent pas être écrites", "changé")


def write(file: TextIO, rows: Iterable[Sequence[str | int]]) -> None:
    """The rows of a table; `file` is opened with newline ""."""
    # quoted: a spreadsheet that cuts at tabs as well leaves them where they are
    csv.writer(file, delimiter=";", quoting=csv.QUOTE_NONNUMERIC).writerows(rows)


def text(rows: Iterable[Sequence[str | int]]) -> str:
    """The same as a text."""
    file = io.StringIO(newline="")
    write(file, rows)
    return file.getvalue()


class LettersFile:
    """Letters written beside their place, unseen and readable by their owner only.

    `publish` puts them in place just before the commit, `withdraw` takes them away when it failed;
    what was not published is gone at the end.
    """

    def __init__(self, path: Path):
        self.path = path
        LETTERS.refuse_existing(path)
        try:
            with signals.held():
                self._open()
        except OSError as error:
            raise LETTERS.unwritable(path, error) from error
        except KeyboardInterrupt:
            self._throw_away()
            raise

    def _open(self) -> None:
        place = self.path.parent
        handle, name = tempfile.mkstemp(prefix=f".{self.path.name}.", dir=place)  # mode 0600
        self._draft = Path(name)
        self._file = os.fdopen(handle, "w", encoding="utf-8-sig", newline="")

    def __enter__(self) -> "LettersFile":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._throw_away()

    def _throw_away(self) -> None:
        with contextlib.suppress(OSError):  # a full disk: the codes left over go with the draft
            self._file.close()
        self._draft.unlink(missing_ok=True)

    def write(self, sheets: Iterable[Sheet], portal: str) -> None:
        """All that it holds. Raises OutputFault when the disk takes no more."""
        try:
            write(self._file, [COLUMNS])
            write(self._file, (cells(each, portal) for each in sheets))
        except OSError as error:
            raise LETTERS.unwritable(self.path, error) from error

    def publish(self) -> None:
        """Put the file in place, on the disk for good. Raises OutputFault."""
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            LETTERS.refuse_existing(self.path)
            claim(self.path)
            self._draft.replace(self.path)
            sync_folder(self.path.parent)
        except OSError as error:
            raise LETTERS.unwritable(self.path, error) from error

    def withdraw(self) -> None:
        """Remove the published file: its codes open nothing."""
        self.path.unlink(missing_ok=True)


class CommitLost(Exception):
    """The database's answer was lost, not always the commit: the codes may be in force."""


def publish_and_commit(work: Work, box: LettersFile | None) -> None:
    """Commit, the letters in place first: codes stored but written nowhere would be lost.

    Raises CommitLost, the file then stays; what else makes the commit fail takes it away.
    """
    with committing():
        _published(work, box)


def _published(work: Work, box: LettersFile | None) -> None:
    if box:
        box.publish()
    try:
        work.settle()
    except DBAPIError as error:
        if not box:
            raise
        if error.connection_invalidated:
            raise CommitLost from error
        box.withdraw()
        raise


def cells(sheet: Sheet, portal: str) -> list[str | int]:
    """A letter's row, below COLUMNS."""
    to, lines = sheet.to, sheet.to.lines
    return [
        sheet.sequence,
        number_cell(to.number),
        *map(inert, (to.civility, to.last_name, to.first_name, *lines)),
        *_BLANK[len(lines) :],
        sheet.access_code,
        day_cell(sheet.good_until),
        portal,
    ]


def number_cell(number: str) -> str:
    """The cell of a member number, which no spreadsheet takes for a formula or a number."""
    return inert(number) + _TEXT


def day_cell(day: date) -> str:
    """The cell of a day, which no spreadsheet writes in its own way."""
    return f"{day:%d/%m/%Y}{_TEXT}"


def inert(cell: str) -> str:
    """The cell, which no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA_SIGNS) else cell
