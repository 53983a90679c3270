"""An operator who imports files by the command."""

from dataclasses import dataclass
from pathlib import Path

from click.testing import Result
from flask import Flask
from sqlalchemy import Engine, RowMapping, select

from webapp.models import RollEntry

CODE, OTHER_CODE = "7K2M-9QXD-4HRT", "B5WN-3C8Z-PV6J"
GOOD = f"numero_adherent;code_acces;nom\n001;{CODE};Lefèvre\n002;{OTHER_CODE};Gâteau\n"
NEW = "numero_adherent;civilite;nom;prenom\n001;Mme;Lefèvre;Élodie\n002;M.;=1+1;@x\n"


@dataclass
class Desk:
    """An operator's desk: a folder, the command, and the database behind it."""

    app: Flask
    folder: Path
    engine: Engine

    def file(self, content: str | bytes, name: str = "roll.csv") -> Path:
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def run(self, *arguments: object) -> Result:
        runner = self.app.test_cli_runner()
        result = runner.invoke(args=["members", "import", *map(str, arguments)])
        assert result.exception is None or isinstance(result.exception, SystemExit), result
        return result

    def refused(self, *arguments: object) -> str:
        """What is said when nothing at all was imported."""
        before = self.roll()
        result = self.run(*arguments)
        assert result.exit_code == 1, result.output
        assert result.stdout == ""
        assert self.roll() == before
        return result.stderr

    def imported(self, *arguments: object) -> str:
        result = self.run(*arguments)
        assert result.exit_code == 0, result.output
        return result.stdout

    def roll(self) -> list[RowMapping]:
        with self.engine.connect() as connection:
            rows = connection.execute(select(RollEntry).order_by(RollEntry.number_key))
            return list(rows.mappings())
