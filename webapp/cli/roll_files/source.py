"""What text files and workbooks have in common: rows of texts, each with its line."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from webapp.rules.roll_headers import Wanted

Cells = tuple[int, list[str] | None]


@dataclass(frozen=True)
class How:
    """What the operator settled beforehand, and the day on which it is read."""

    today: date
    encoding: str | None = None
    sheet: str | None = None
    columns: Wanted = field(default_factory=dict)


class Source(Protocol):
    """An open file of rows, read from its beginning."""

    size: int
    told: str  # how it was read, as in « UTF-8, séparateur « ; » »
    hint: str  # what to try where no header is found, a sentence or nothing
    readings: tuple[str, ...]  # encodings that can't be told apart; none: it is sure

    def some_rows(self, most: int) -> list[Cells]:
        """The next rows that are not blank: line and cells, None when quotes are broken. None at
        the end. Raises RollFileFault when nobody can tell where such a row ends."""

    def again(self) -> None:
        """Read from the beginning once more."""

    def begin(self, line: int, dates: Sequence[int]) -> list[str]:
        """The header stands in this line, dates in these places: sentences on what follows from
        it. Raises RollFileFault for what can't be read below it."""

    def position(self) -> int:
        """How much of `size` was read."""

    def sample(self, reading: str | None = None) -> list[Sequence[str]]:
        """Some rows with accents, and the first ones; as another encoding would read them."""
