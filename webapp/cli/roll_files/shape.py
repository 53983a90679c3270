"""Rows made to fit the file's header: of its width, postcode and town joined."""

from collections.abc import Sequence
from datetime import date
from operator import itemgetter

from webapp.cli.roll_files.faults import RollFileFault
from webapp.cli.roll_files.source import Cells
from webapp.rules.roll_cells import whole
from webapp.rules.roll_date_columns import DateColumn
from webapp.rules.roll_file import BIRTH, DEATH, JOINED, JOINING_AHEAD, Header
from webapp.rules.roll_headers import Plan


class Shape:
    """Some rows at a time; what its columns of dates have in common is told at the end."""

    def __init__(self, plan: Plan, today: date):
        self._plan, header = plan, plan.header
        self._header = Header(header.places, header.width - plan.joined)  # as it is in the file
        latest = {BIRTH: today, JOINED: today + JOINING_AHEAD, DEATH: today}
        self._dates = {
            header.places[name]: DateColumn(name, last)
            for name, last in latest.items()
            if name in header.places
        }

    def rows(self, found: list[Cells]) -> list[Cells]:
        """The same rows. What can't be mended is left for the reading of its row to tell."""
        width = self._header.width
        good = [cells for _, cells in found if cells is not None]
        if len(good) < len(found) or set(map(len, good)) != {width}:
            found = [(line, cells and whole(self._header, cells)) for line, cells in found]
            good = [cells for _, cells in found if cells is not None and len(cells) == width]
        for place, column in self._dates.items():
            column.see(map(itemgetter(place), good))
        if self._plan.joined:
            for cells in good:
                cells.append(self._joined(cells))
        return found

    def check(self) -> None:
        """Raises RollFileFault when a whole column is wrong."""
        for column in self._dates.values():
            if fault := column.fault():
                raise RollFileFault(fault)

    def notes(self) -> list[str]:
        """What was completed or passed over, in French sentences."""
        return [note for column in self._dates.values() for note in column.notes()]

    def _joined(self, cells: Sequence[str]) -> str:
        places = (self._plan.postcode, self._plan.town)
        return " ".join(cells[at].strip() for at in places if at is not None and cells[at].strip())
