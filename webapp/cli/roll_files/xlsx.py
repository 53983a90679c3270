"""What an .xlsx says of its cells beside their values. Almost every sheet is written alike, and a
glance at its bytes tells that nothing is left to look for."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from posixpath import join, normpath

from webapp.cli.roll_files import archive, xml_events
from webapp.cli.roll_files.archive import Archive
from webapp.cli.roll_files.cells import EPOCH
from webapp.cli.roll_files.marks import Marks, number

_BOOK, _STYLES, _STRINGS = "xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml"
# A cell beyond the 26th column or the 199,999th row.
_FAR = re.compile(rb'c r="[A-Z](?:[A-Z]|[2-9]\d{5}|\d{7})')
_FORMULA, _CELL = re.compile(rb"<f[ >/]"), re.compile(rb"<c[ >/]")
_HIDDEN = re.compile(rb'<(?:\w+:)?row [^>]*\bhidden="(?:1|true)"[^>]*(?<!/)>(?!\s*</)')
_OPENED_MAX = 128 * 1024 * 1024  # bytes
_TEXT_MAX = 1024 * 1024  # bytes: a cell holds 32,767 signs
# « 00000000 », « 00 000 000 »: zeros and nothing else that shows, but for blanks between them.
_ZEROS = re.compile(r'(?:\[\$[^]]*])?((?:0|\\?[ \xa0\u202f]|" "|,(?=0))+)(?:;.*)?', re.DOTALL)


def measure(parts: Archive) -> None:
    """Count what the library reads when it opens the workbook. Raises RollFileFault."""
    for name in (_BOOK, _STYLES, _STRINGS):
        if name in parts:
            for _ in parts.blocks(name, _OPENED_MAX):
                pass  # counted, so that it can't be more than it says


def marks(parts: Archive, sheet: str) -> Marks:
    """What the sheet of that name has of its own. Raises RollFileFault."""
    part = _part(parts, sheet)
    zeros = _Zeros(_zero_styles(parts))
    found = Marks()
    unusual, begun = False, False
    for block in _whole_tags(parts.blocks(part)):  # to the last: all are counted
        unusual = unusual or _odd(block) or not (begun or b"<worksheet" in block)
        begun = True
        zeros.look(block)
        if b' hidden="' in block:
            found.hidden += len(_HIDDEN.findall(block))
    found.zeros = zeros.found()
    if unusual:
        _Cells(found).read(parts.blocks(part))
    return found


def epoch(parts: Archive) -> date:
    """The day from which its days are counted."""
    told = list[str]()

    def start(name: str, attributes: dict[str, str]) -> None:
        if _local(name) == "workbookPr":
            told.append(attributes.get("date1904", "0"))

    xml_events.parse(parts.blocks(_BOOK, _OPENED_MAX), start)
    return date(1904, 1, 1) if told and told[0] in {"1", "true"} else EPOCH


def _part(parts: Archive, sheet: str) -> str:
    """Where the sheet stands in the archive."""
    identifiers: list[str] = []
    targets: dict[str, str] = {}

    def book(name: str, attributes: dict[str, str]) -> None:
        if _local(name) == "sheet" and attributes.get("name") == sheet:
            identifiers.extend(
                value for key, value in attributes.items() if key.partition(":")[2] == "id"
            )

    def relations(name: str, attributes: dict[str, str]) -> None:
        if _local(name) == "Relationship":
            targets[attributes.get("Id", "")] = attributes.get("Target", "")

    xml_events.parse(parts.blocks(_BOOK), book)
    xml_events.parse(parts.blocks("xl/_rels/workbook.xml.rels"), relations)
    target = targets.get(identifiers[0], "") if identifiers else ""
    return target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))


def _odd(block: bytes) -> bool:
    """Whether these cells are not all near, named, and without formulas and errors.

    Each question is one that bytes answer by themselves: a sheet has some fifty million.
    """
    named, likely = block.count(b'<c r="'), block.count(b"<c")
    return (
        (named != likely and named != len(_CELL.findall(block)))
        or b't="e"' in block
        or (b"<f" in block and _FORMULA.search(block) is not None)
        or _FAR.search(block) is not None
    )


def _whole_tags(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes, cut between tags. Raises RollFileFault where they are too far apart."""
    left = b""
    for block in blocks:
        told = left + block
        if len(left) > _TEXT_MAX:
            raise archive.too_large()
        cut = told.rfind(b"<")
        if cut <= 0:
            left = told
            continue
        yield told[:cut]
        left = told[cut:]
    yield left


class _Cells:
    """Looks at every cell: for its place, a formula without a value, an error."""

    def __init__(self, found: Marks):
        self._found = found
        self._row = self._column = -1
        self._formula = self._valued = False
        self._kind, self._text = "", list[str]()

    def read(self, blocks: Iterable[bytes]) -> None:
        xml_events.parse(blocks, self._start, self._end, self._told)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        name = _local(name)
        if name == "c":
            place = attributes.get("r")
            self._column = number(place) if place else self._column + 1
            self._kind, self._formula, self._valued = attributes.get("t", ""), False, False
        elif name == "row":
            place = attributes.get("r", "")
            self._row = int(place) - 1 if place.isdecimal() else self._row + 1
            self._column = -1
        elif name in {"v", "is"}:
            self._valued = True
            self._text.clear()
        elif name == "f":
            self._formula = True

    def _told(self, text: str) -> None:
        if self._kind == "e" or self._formula:
            self._text.append(text)

    def _end(self, name: str) -> None:
        if _local(name) != "c":
            return
        place = self._row, self._column
        if self._kind == "e":
            self._found.errors[place] = "".join(self._text) or "#N/A"
        stored = self._valued and (self._kind in {"str", "e"} or bool("".join(self._text)))
        if self._formula and not stored and not self._found.unfinished:
            self._found.unfinished = place
        if self._valued:
            self._found.reach(self._row + 1, self._column + 1)


class _Zeros:
    """Looks for numbers that are shown with zeros which their values don't have."""

    def __init__(self, widths: dict[int, int]):
        styles = b"|".join(b"%d" % style for style in widths)
        self._cell = re.compile(rb'c r="([A-Z]{1,3})(\d{1,7})" s="(%b)"' % styles)
        self._widths = {b"%d" % style: width for style, width in widths.items()}
        self._columns: dict[bytes, dict[int, int]] = defaultdict(dict)

    def look(self, block: bytes) -> None:
        """The next cells."""
        if not self._widths:
            return
        columns, widths = self._columns, self._widths
        for column, row, style in self._cell.findall(block):
            columns[column][int(row) - 1] = widths[style]

    def found(self) -> dict[int, dict[int, int]]:
        """Column, row: with how many digits."""
        return {number(column.decode()): rows for column, rows in self._columns.items()}


def _zero_styles(parts: Archive) -> dict[int, int]:
    """The cell styles whose format is zeros alone, blanks between them or not, and how many."""
    formats: dict[str, int] = {}
    styles: list[int] = []
    inside = [False]

    def start(name: str, attributes: dict[str, str]) -> None:
        name = _local(name)
        if name == "numFmt" and (zeros := _ZEROS.fullmatch(attributes.get("formatCode", ""))):
            formats[attributes.get("numFmtId", "")] = zeros[1].count("0")
        elif name == "cellXfs":
            inside[0] = True
        elif name == "xf" and inside[0]:
            styles.append(formats.get(attributes.get("numFmtId", ""), 0))

    def end(name: str) -> None:
        if _local(name) == "cellXfs":
            inside[0] = False

    if _STYLES in parts:
        xml_events.parse(parts.blocks(_STYLES, _OPENED_MAX), start, end)
    return {style: width for style, width in enumerate(styles) if width > 1}


def _local(name: str) -> str:
    return name.rpartition(":")[2]
