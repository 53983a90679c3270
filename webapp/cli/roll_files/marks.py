"""What a sheet's own text says of its cells, and the library that reads them does not."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from webapp.cli.roll_files import archive
from webapp.cli.roll_files.faults import RollFileFault
from webapp.rules.roll_headers import WIDTH_MAX

CELLS_MAX = 4_000_000
_MERGED_MAX = 1_000
Place = tuple[int, int]  # row and column, from zero
Zeros = Mapping[int, Mapping[int, int]]  # column, row: with how many digits it is shown


@dataclass
class Marks:
    """How far the sheet goes, and what stands in cells that the library shows empty or bare."""

    rows: int = 0
    columns: int = 0
    unfinished: Place | None = None  # the first formula whose value was not stored
    errors: dict[Place, str] = field(default_factory=dict)
    merged: list[tuple[Place, Place]] = field(default_factory=list)  # first and last cell
    zeros: Zeros = field(default_factory=dict)
    hidden: int = 0  # rows with cells that a filter or a hand hides

    def reach(self, row: int, column: int) -> None:
        """A cell with a value ends here."""
        self.rows, self.columns = max(self.rows, row), max(self.columns, column)

    def within(self, first: int, width: int) -> tuple[Zeros, dict[int, dict[int, str]]]:
        """Zeros by column, errors by row, as places in rows that begin at that column."""
        zeros = {
            column - first: rows
            for column, rows in self.zeros.items()
            if first <= column < first + width
        }
        errors = dict[int, dict[int, str]]()
        for (row, column), told in self.errors.items():
            if first <= column < first + width:
                errors.setdefault(row, {})[column - first] = told
        return zeros, errors

    def merge(self, first: Place, last: Place) -> None:
        """These cells are shown as one: only the first has a value."""
        if len(self.merged) < _MERGED_MAX and first != last:
            self.merged.append((first, last))

    def check_below(self, header: int) -> None:
        """Raises RollFileFault where cells under the header's row are merged."""
        for first, last in self.merged:
            if last[0] > header:
                told = f"{letters(first[1])}{first[0] + 1}:{letters(last[1])}{last[0] + 1}"
                raise RollFileFault(
                    f"Les cellules {told} sont fusionnées : une seule a une valeur, et les autres "
                    "lignes la perdraient. Défusionnez-les, remplissez chaque ligne, enregistrez, "
                    "et importez le fichier obtenu."
                )

    def check(self) -> None:
        """Raises RollFileFault for a sheet that is no roll, or can't be read as it stands."""
        if self.columns > WIDTH_MAX:
            raise RollFileFault(
                f"La feuille a {self.columns} colonnes : ce n’est pas un fichier d’adhérents. "
                "Gardez les colonnes utiles, ou choisissez une autre feuille avec --sheet."
            )
        if self.rows * self.columns > CELLS_MAX:
            raise archive.too_large()
        if self.unfinished:
            row, column = self.unfinished
            raise RollFileFault(
                f"La cellule {letters(column)}{row + 1} contient une formule dont le résultat "
                "n’est pas dans le fichier. Ouvrez le classeur dans votre tableur, enregistrez-le, "
                "et importez le fichier obtenu."
            )


def letters(column: int) -> str:
    """A column's name: A, Z, AA…"""
    told = ""
    column += 1
    while column:
        column, digit = divmod(column - 1, 26)
        told = chr(65 + digit) + told
    return told


def number(name: str) -> int:
    """A column's place from its name. The letters of a cell's address may be given whole."""
    told = 0
    for sign in name:
        if not "A" <= sign <= "Z":
            break
        told = told * 26 + ord(sign) - 64
    return told - 1
