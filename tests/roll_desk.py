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
from webapp.services.letters import batches
from webapp.services.letters.batches import Maker, Nobody
from webapp.services.letters.choosing import Choice, room_for_all
from webapp.services.letters.sheets import Sheet
from webapp.services.roll.import_file import import_roll
from webapp.services.roll.report import RollReport, Source, Wish

SOURCE = Source("c.martin", "adherents.csv", "0" * 64)
CODE, OTHER_CODE, THIRD_CODE = "7K2M9QXD4HRT", "B5WN3C8ZPV6J", "Z6T4C8WNK2H3"
ONE = f"numero_adherent|code_acces|nom\n001|{CODE}|Lefèvre"

MAKER = Maker("c.martin", "", "https://adherents.example.org")
WHO_WAITS = Choice(no_address_needed=True)
ANYTHING = Wish(accepted=frozenset(GUARDS))  # somebody has looked


def batch_of(work: Work, choice: Choice) -> list[Sheet]:
    """The letters of a batch for these members; none where there are none."""
    try:
        with work.db.begin_nested():
            made = batches.make(work, choice, maker=MAKER, unfit=room_for_all)
    except Nobody:
        return []
    return list(batches.sheets(work, made.batch))


def code_of(sheet: Sheet) -> str:
    """The code of a letter, as a form reads it."""
    return sheet.access_code.replace("-", "")


@dataclass
class Desk:
    """A database, a clock that stands still, and the letters that went to the printer."""

    engine: Engine
    world: World
    clock: StillClock
    letters: list[Sheet] = field(default_factory=list)

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
        """Import lines of cells between bars, the header first; commit unless it is refused. With
        a `printer`, who waits for a letter then gets it."""
        header, *lines = [
            [cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()
        ]
        with self.work() as work:
            report = import_roll(
                work,
                plan(header).header,
                lambda: enumerate(lines, start=2),
                source=SOURCE,
                wish=wish or Wish(keep_good=keep_good),
            )
            if printer:
                self.letters += batch_of(work, WHO_WAITS)
            return report

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
