"""Imports of the roll from tables that a test writes down."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, RowMapping, func, insert, select

from player.world import StillClock
from webapp.models import Account, RollEntry
from webapp.rules.roll_guards import GUARDS
from webapp.rules.roll_headers import plan
from webapp.services.kernel.work import Work
from webapp.services.kernel.world import World
from webapp.services.roll.import_file import Printer, import_roll
from webapp.services.roll.report import NewLetter, RollReport, Source, Wish

SOURCE = Source("c.martin", "adherents.csv", "0" * 64)
CODE, OTHER_CODE, THIRD_CODE = "7K2M9QXD4HRT", "B5WN3C8ZPV6J", "Z6T4C8WNK2H3"
ONE = f"numero_adherent|code_acces|nom\n001|{CODE}|Lefèvre"

ANYTHING = Wish(accepted=frozenset(GUARDS))  # somebody has looked


@dataclass
class Desk:
    """A database, a clock that stands still, and the letters that went to the printer."""

    engine: Engine
    world: World
    clock: StillClock
    letters: list[NewLetter] = field(default_factory=list)

    def work(self) -> Work:
        return Work(self.engine, self.world, origin="cli")

    def load(
        self,
        table: str,
        *,
        printer: bool = True,
        keep_good: bool = False,
        wish: Wish | None = None,
    ) -> RollReport:
        """Import lines of cells between bars, the header first; commit unless it is refused."""
        header, *lines = [
            [cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()
        ]
        with self.work() as work:
            return import_roll(
                work,
                plan(header).header,
                lambda: enumerate(lines, start=2),
                source=SOURCE,
                printer=Printer(self.letters.append, self.letters.clear) if printer else None,
                wish=wish or Wish(keep_good=keep_good),
            )

    def roll(self) -> list[RowMapping]:
        with self.engine.connect() as connection:
            rows = connection.execute(select(RollEntry).order_by(RollEntry.number_key))
            return list(rows.mappings())

    def count(self, table: Any) -> int | None:
        with self.engine.connect() as connection:
            return connection.scalar(select(func.count()).select_from(table))

    def open_account(self) -> None:
        with self.engine.begin() as connection:
            connection.execute(
                insert(Account).values(
                    roll_id=select(func.min(RollEntry.id)).scalar_subquery(),
                    email="a@example.org", email_key="a@example.org",
                    password_hash="x", created_at=self.clock.now(),
                )
            )  # fmt: skip
