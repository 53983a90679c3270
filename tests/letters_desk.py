"""`flask letters` as an operator types it, on a small roll, with a press that prints lines."""

import csv
import io
from dataclasses import dataclass, field
from pathlib import Path

from click.testing import Result
from flask import Flask
from sqlalchemy import Engine, func, select

from tests.presses import LinePress
from webapp.models import LetterBatch

ROLL = """numero_adherent;civilite;nom;prenom;adresse_1;adresse_2;statut
0000001;Mme;Lefèvre;Odile;MME ODILE LEFEVRE;01000 EXEMPLE;actif
0000002;M;Martin;René;M RENE MARTIN;01000 EXEMPLE;actif
0000003;M;Petit;Luc;M LUC PETIT;01000 EXEMPLE;parti
0000004;M;Sans;Lieu;;;actif
"""


class Terminal(io.BytesIO):
    """An operator at the keyboard, who types this."""

    def isatty(self) -> bool:
        return True


@dataclass
class LettersDesk:
    """A folder to work in, and the press."""

    app: Flask
    folder: Path
    engine: Engine
    press: LinePress = field(default_factory=LinePress)

    def run(self, *arguments: object, typed: str | None = None, group: str = "letters") -> Result:
        """A command, which ends with a sentence."""
        former = self.app.extensions["portal_press"]
        self.app.extensions["portal_press"] = lambda: self.press
        try:
            result = self.app.test_cli_runner().invoke(
                args=[group, *map(str, arguments)],
                input=None if typed is None else Terminal(typed.encode()),
            )
        finally:
            self.app.extensions["portal_press"] = former
        assert result.exception is None or isinstance(result.exception, SystemExit), result
        return result

    def done(self, *arguments: object) -> str:
        """A command that must do what it is asked; what it says, with plain blanks."""
        result = self.run(*arguments)
        assert result.exit_code == 0, result.output
        return result.output.replace("\u00a0", " ")

    def refused(self, *arguments: object, code: int = 1) -> str:
        """A command that says no in one line."""
        result = self.run(*arguments)
        assert (result.exit_code, result.stderr.count("\n")) == (code, 1), result.output
        return result.stderr.replace("\u00a0", " ")

    def load(self, roll: str = ROLL) -> None:
        file = self.folder / "adherents.csv"
        file.write_text(roll, encoding="utf-8")
        result = self.run("import", file, group="members")
        assert result.exit_code == 0, result.output

    def rows(self, file: Path) -> list[dict[str, str]]:
        """A table that was written."""
        lines = file.read_text("utf-8-sig").splitlines()
        return [
            {name: cell.strip() for name, cell in row.items()}
            for row in csv.DictReader(lines, delimiter=";")
        ]

    @property
    def batches(self) -> int:
        """How many there are."""
        with self.engine.connect() as connection:
            return connection.scalar(select(func.count()).select_from(LetterBatch)) or 0


def names(folder: Path) -> list[str]:
    """All that lies there, hidden or not."""
    return sorted(each.name for each in folder.iterdir())
