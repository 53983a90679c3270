"""An open roll: its header found, what was guessed said, then its rows, as often as it takes."""

from collections.abc import Iterator, Sequence

from webapp.cli.roll_files.faults import RollFileFault
from webapp.cli.roll_files.shape import Shape
from webapp.cli.roll_files.source import How, Source
from webapp.rules import encodings, roll_headers
from webapp.rules.roll_file import DATES, HeaderFault
from webapp.rules.roll_values import shown

_ROWS = 256
_SHOWN = 3


class RollFile:
    """`told` says how the file was read, some names with it; `read_as` the same without a name;
    `notes()`, after the last row, what was made of it."""

    def __init__(self, source: Source, how: How):
        self._source, self.size = source, source.size
        self._looked = 0  # rows up to the header, and with it
        above, line, cells = self._find_header(how)
        try:
            plan = roll_headers.plan(cells, how.columns)
        except HeaderFault as fault:
            raise RollFileFault(str(fault)) from fault
        self.header, self._header_cells = plan.header, cells
        self._plan, self._today = plan, how.today
        self._shape, self._begun = Shape(plan, how.today), False
        if source.readings:
            raise RollFileFault(self._doubt())
        self.read_as = f"Fichier lu : {source.told}."
        places = self.header.places
        noted = source.begin(line, [places[name] for name in DATES if name in places])
        self.told = (self._how_read(), *_titles(above, line), *noted)

    def position(self) -> int:
        """How much of `size` was read."""
        return self._source.position()

    def rows(self) -> Iterator[tuple[int, Sequence[str] | None]]:
        """The line on which each row starts and its cells, None when its quotes are broken; each
        call begins anew.

        Raises RollFileFault when nobody can tell where such a row ends, and after the last one
        when a whole column is wrong.
        """
        if self._begun:
            self._read_again()
        self._begun = True
        while found := self._source.some_rows(_ROWS):
            yield from self._shape.rows(found)
        self._shape.check()

    def _read_again(self) -> None:
        """Up to the header, whose row is told like those above it."""
        self._source.again()
        self._shape = Shape(self._plan, self._today)
        for _ in range(self._looked):
            self._source.some_rows(1)

    def notes(self) -> list[str]:
        """What was completed or passed over in the rows that were read, in French sentences."""
        return self._shape.notes()

    def _find_header(self, how: How) -> tuple[list[tuple[int, list[str]]], int, list[str]]:
        """The rows above it, its line, its cells. Raises RollFileFault."""
        above: list[tuple[int, list[str]]] = []
        while len(above) < roll_headers.TITLE_ROWS and (found := self._source.some_rows(1)):
            self._looked += 1
            line, cells = found[0]
            if cells is None:
                continue
            if roll_headers.find([cells], how.columns) is not None:
                return above, line, cells
            above.append((line, cells))
        if not above:
            raise RollFileFault(
                "Le fichier est vide. Donnez un classeur ou un fichier CSV avec un en-tête."
                f"{self._source.hint}"
            )
        likeliest = max(
            above, key=lambda row: (len(roll_headers.named_in(row[1], how.columns)), -row[0])
        )
        fault = roll_headers.fault(likeliest[1], how.columns)
        raise RollFileFault(f"{fault}{self._source.hint}")

    def _how_read(self) -> str:
        names = self._names(self._source.sample())
        told = f"{self.read_as} Noms lus : {', '.join(names)}."
        return told if names else self.read_as

    def _doubt(self) -> str:
        told = [
            f"  --encoding {encodings.NAMES[reading]} : {', '.join(self._accented(reading))}"
            for reading in self._source.readings
        ]
        return "\n".join(
            [
                "L’encodage de ce fichier n’est pas sûr, et rien n’a été importé. Voici les mêmes "
                "noms dans chacun ; relancez la commande avec l’option de la ligne juste :",
                *told,
            ]
        )

    def _accented(self, reading: str) -> list[str]:
        """Three names as an encoding reads them, other cells where no name has an accent."""
        rows = [row for row in self._source.sample(reading) if not self._is_header(row)]
        names = self._names(rows)
        if names and not names[0].isascii():
            return names
        cells = dict.fromkeys(shown(cell) for row in rows for cell in row if not cell.isascii())
        return [*cells][:_SHOWN]

    def _names(self, rows: list[Sequence[str]]) -> list[str]:
        """Three members' names, with accents where there are any."""
        names = list(dict.fromkeys(name for row in rows if (name := self._name(row))))
        accented = [name for name in names if not name.isascii()]
        plain = [name for name in names if name.isascii()]
        return [*accented, *plain][:_SHOWN]

    def _name(self, row: Sequence[str]) -> str | None:
        places = self.header.places
        at = [places[name] for name in ("prenom", "nom") if name in places]
        if any(place >= len(row) for place in at) or self._is_header(row):
            return None
        return shown(" ".join(row[place].strip() for place in at).strip()) or None

    def _is_header(self, row: Sequence[str]) -> bool:
        names = roll_headers.named_in(row, {})
        known = list(row) == self._header_cells or len(names) > 1
        return not row or known or row[0].casefold().startswith("sep=")


def _titles(above: Sequence[tuple[int, Sequence[str]]], header: int) -> list[str]:
    told = [
        f"Ligne {line} passée, au-dessus de l’en-tête : "
        f"« {shown(' '.join(cell.strip() for cell in cells if cell.strip()))} »."
        for line, cells in above
    ]
    return [*told, f"En-tête trouvé à la ligne {header}."] if above else []
