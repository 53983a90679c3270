"""What an .ods says of its cells beside their values. Few bytes can repeat a cell a billion times,
so that every sheet is measured before it is read."""

from webapp.cli.roll_files import archive, xml_events
from webapp.cli.roll_files.archive import Archive
from webapp.cli.roll_files.marks import CELLS_MAX, Marks

_REPEATED_MAX = 10_000  # zeros of a cell that is repeated more often are not followed


def measure(parts: Archive) -> dict[str, Marks]:
    """What each sheet has of its own. Raises RollFileFault where they are too large together: the
    library reads them all when it opens the workbook."""
    cells = _Cells()
    xml_events.parse(parts.blocks("content.xml"), cells.start, cells.end, cells.text)
    if sum(found.rows * found.columns for found in cells.sheets.values()) > CELLS_MAX:
        raise archive.too_large()
    return cells.sheets


class _Cells:
    """Follows the cells of each table: places, formulas without values, errors, zeros shown."""

    def __init__(self) -> None:
        self.sheets: dict[str, Marks] = {}
        self._found = Marks()
        self._zeros: dict[int, dict[int, int]] = {}
        self._inside = False
        self._row = self._column = 0
        self._rows = self._columns = 1  # how often this row, this cell is repeated
        self._shown = self._blank = True
        self._kind: str | None = None
        self._value, self._told, self._span = "", list[str](), (1, 1)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "table:table":
            self._inside, self._row, self._zeros = True, 0, {}
            self._found = Marks(zeros=self._zeros)
            self.sheets[attributes.get("table:name", "")] = self._found
        elif not self._inside:
            return
        elif name == "table:table-row":
            self._column = 0
            self._rows = _repeats(attributes.get("table:number-rows-repeated"))
            self._shown = attributes.get("table:visibility", "visible") == "visible"
            self._blank = True
        elif name in {"table:table-cell", "table:covered-table-cell"}:
            self._columns = _repeats(attributes.get("table:number-columns-repeated"))
            self._kind = attributes.get("office:value-type")
            if attributes.get("calcext:value-type") == "error":
                self._kind = "error"
            self._span = (
                _repeats(attributes.get("table:number-rows-spanned")),
                _repeats(attributes.get("table:number-columns-spanned")),
            )
            self._value = attributes.get("office:value", "")
            self._told.clear()
            if "table:formula" in attributes and self._kind is None:
                self._found.unfinished = self._found.unfinished or (self._row, self._column)

    def text(self, text: str) -> None:
        if self._inside:
            self._told.append(text)

    def end(self, name: str) -> None:
        if not self._inside:
            return
        if name in {"table:table-cell", "table:covered-table-cell"}:
            if self._kind is not None or self._told:
                self._found.reach(self._row + self._rows, self._column + self._columns)
                self._blank = False
                rows, columns = self._span
                first = self._row, self._column
                self._found.merge(first, (first[0] + rows - 1, first[1] + columns - 1))
                self._note("".join(self._told).strip())
            self._column += self._columns
            self._kind = None
        elif name == "table:table-row":
            self._found.hidden += 0 if self._shown or self._blank else self._rows
            self._row += self._rows
        elif name == "table:table":
            self._inside = False

    def _note(self, told: str) -> None:
        digits = "".join(told.split())  # « 00 200 101 »
        if self._kind == "error":
            self._found.errors[self._row, self._column] = told or "#N/A"
        elif self._kind == "float" and digits.startswith("0") and _same(digits, self._value):
            if self._rows * self._columns > _REPEATED_MAX:
                return
            for column in range(self._column, self._column + self._columns):
                rows = self._zeros.setdefault(column, {})
                rows |= dict.fromkeys(range(self._row, self._row + self._rows), len(digits))


def _same(told: str, value: str) -> bool:
    try:
        return told.isdecimal() and len(told) > 1 and int(told) == float(value)
    except ValueError:
        return False


def _repeats(told: str | None) -> int:
    return int(told) if told and told.isdecimal() and len(told) < 10 else 1
