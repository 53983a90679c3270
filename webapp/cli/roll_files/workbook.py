"""A roll that is a workbook, .xlsx or .ods: one sheet, read whole and handed on row by row."""

from collections.abc import Sequence
from datetime import date
from itertools import islice
from typing import BinaryIO

from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from webapp.cli.roll_files import archive, ods, xlsx
from webapp.cli.roll_files.archive import Archive
from webapp.cli.roll_files.cells import EPOCH, Value, counted, day_text, is_count, texts
from webapp.cli.roll_files.faults import RollFileFault, locked
from webapp.cli.roll_files.marks import Marks, letters
from webapp.cli.roll_files.source import Cells, How
from webapp.rules.roll_guards import grouped
from webapp.rules.roll_values import shown

_SPREADSHEET = "application/vnd.oasis.opendocument.spreadsheet"
_SAMPLE_ROWS = 2_000


class WorkbookSource:
    """An open workbook, its sheet chosen and in memory."""

    readings: tuple[str, ...] = ()

    def __init__(self, raw: BinaryIO, size: int, how: How):
        parts = Archive(raw)
        excel = _is_excel(parts)
        sheets: dict[str, Marks] | None = None
        if excel:
            xlsx.measure(parts)
        else:
            sheets = ods.measure(parts)
        raw.seek(0)
        try:
            book = CalamineWorkbook.from_filelike(raw)
            name, others = _chosen(book, how.sheet)
            self._marks = sheets[name] if sheets is not None else xlsx.marks(parts, name)
            self._marks.check()
            self._sheet = book.get_sheet_by_name(name)
        except CalamineError as error:
            raise archive.broken() from error
        self.size = max(1, self._sheet.total_height + 1)
        for first, last in self._sheet.merged_cell_ranges or []:
            self._marks.merge(first, last)
        self._first = self._sheet.start[1] if self._sheet.start else 0
        self._epoch = xlsx.epoch(parts) if excel else EPOCH
        self._counted: frozenset[int] = frozenset()  # places of dates that are counts of days
        self._zeros, self._errors = self._marks.within(self._first, self._sheet.width)
        self.again()
        kind = "classeur Excel" if excel else "classeur OpenDocument"
        self.told = f"{kind}, feuille « {shown(name)} »"
        self.hint = _elsewhere(name, others)
        if others:
            self.told += f" (autres feuilles, à choisir avec --sheet : {_listed(others)})"

    def again(self) -> None:
        """Read from the beginning once more."""
        self._rows, self._taken = enumerate(self._sheet.iter_rows()), 0

    def begin(self, line: int, dates: Sequence[int]) -> list[str]:
        """Merged cells below the header are refused. A column of dates that holds nothing but
        counts of days lost its format: it is read as the dates that it counts. Rows that a
        filter hides are read, as a spreadsheet writes them into a CSV, and that is said."""
        self._marks.check_below(line - 1)
        self._counted = frozenset(place for place in dates if self._counts_days(line, place))
        return [
            *_hidden(self._marks.hidden),
            *(
                f"Colonne {letters(place + self._first)} : des numéros de jour, lus comme les "
                "dates qu’ils comptent."
                for place in sorted(self._counted)
            ),
        ]

    def _counts_days(self, line: int, place: int) -> bool:
        seen = False
        for row in islice(self._sheet.iter_rows(), line, None):
            value = row[place]
            if type(value) is float and is_count(value):
                seen = True
            elif value != "" and not isinstance(value, date):
                return False
        return seen

    def position(self) -> int:
        """How many rows were read."""
        return min(self._taken, self.size)

    def some_rows(self, most: int) -> list[Cells]:
        """The next rows that are not blank, each with its line; none at the end."""
        while read := list(islice(self._rows, most)):
            self._taken = read[-1][0] + 1
            found: list[Cells] = [(at + 1, self._texts(at, row)) for at, row in read]
            if full := [one for one in found if one[1] and (one[1][0] or any(one[1]))]:
                return full
        return []

    def sample(self, reading: str | None = None) -> list[Sequence[str]]:
        """The first rows; a workbook has one reading."""
        return [
            [value if isinstance(value, str) else "" for value in row]
            for row in islice(self._sheet.iter_rows(), _SAMPLE_ROWS)
        ]

    def _texts(self, at: int, row: Sequence[Value]) -> list[str]:
        told = texts(row)
        for place in self._counted:
            if type(value := row[place]) is float:
                told[place] = day_text(counted(value, self._epoch))
        for place, digits in self._zeros.items():
            if type(row[place]) is float:
                told[place] = told[place].zfill(digits.get(at, 0))
        for place, error in self._errors.get(at, {}).items():
            told[place] = told[place] or error
        return told


def _is_excel(parts: Archive) -> bool:
    """Whether it is .xlsx, and not .ods. Raises RollFileFault for any other archive."""
    if "xl/workbook.xml" in parts:
        return True
    if "mimetype" in parts and parts.whole("mimetype").decode("ascii", "replace").startswith(
        _SPREADSHEET
    ):
        if b"encryption-data" in parts.whole("META-INF/manifest.xml"):
            raise locked()
        return False
    raise RollFileFault(_other(parts))


def _other(parts: Archive) -> str:
    save = "enregistrez-le au format « Classeur Excel (.xlsx) », et importez le fichier obtenu."
    if "xl/workbook.bin" in parts:
        return f"Ce fichier est un classeur Excel binaire (.xlsb) : {save}"
    if "word/document.xml" in parts or "mimetype" in parts:
        return (
            "Ce fichier est un document, pas un classeur. Copiez-en le tableau dans un tableur, "
            f"{save}"
        )
    if "Index/Document.iwa" in parts:
        return f"Ce fichier est un classeur Numbers : exportez-le ; {save}"
    return (
        "Ce fichier est une archive zip, pas un classeur. Ouvrez-la, et importez le fichier "
        "qu’elle contient."
    )


def _chosen(book: CalamineWorkbook, wish: str | None) -> tuple[str, list[str]]:
    """The sheet to read, and the others that could be. Raises RollFileFault."""
    sheets = [each for each in book.sheets_metadata if each.typ == SheetTypeEnum.WorkSheet]
    seen = [each.name for each in sheets if each.visible == SheetVisibleEnum.Visible]
    names = [each.name for each in sheets]
    if wish is not None:
        for name in names:
            if name.strip().casefold() == wish.strip().casefold():
                return name, []
        raise RollFileFault(
            f"La feuille « {shown(wish)} » n’existe pas. Ce classeur a : {_listed(names)}. "
            "Donnez l’un de ces noms à --sheet."
        )
    if not names:
        raise archive.broken()
    name = (seen or names)[0]
    return name, [other for other in seen if other != name]


def _hidden(rows: int) -> list[str]:
    if not rows:
        return []
    some = f"{grouped(rows)} lignes masquées, lues" if rows > 1 else "1 ligne masquée, lue"
    return [
        f"{some} comme les autres : si un filtre devait les écarter, copiez ce qu’il montre dans "
        "un autre classeur."
    ]


def _elsewhere(name: str, others: list[str]) -> str:
    if not others:
        return ""
    return (
        f" La feuille lue est « {shown(name)} » ; si les adhérents sont sur une autre, donnez son "
        f"nom à --sheet : {_listed(others)}."
    )


def _listed(names: list[str]) -> str:
    return ", ".join(f"« {shown(name)} »" for name in names[:20])
