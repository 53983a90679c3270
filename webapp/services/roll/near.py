"""Members whose number may be the one that somebody typed."""

from typing import NamedTuple

from sqlalchemy import select

from webapp.models import RollEntry
from webapp.services.kernel.work import Work


class Near(NamedTuple):
    """A member as the roll names them."""

    id: int
    number: str
    civility: str
    first_name: str
    last_name: str

    @property
    def names(self) -> str:
        """« Mme Odile Martin », as far as the roll says it."""
        return " ".join(filter(None, (self.civility, self.first_name, self.last_name)))


def near(work: Work, number_key: str) -> list[Near]:
    """All who share this normal form, in the order of their numbers."""
    rows = work.db.execute(
        select(
            RollEntry.id,
            RollEntry.number,
            RollEntry.civility,
            RollEntry.first_name,
            RollEntry.last_name,
        )
        .where(RollEntry.number_key == number_key)
        .order_by(RollEntry.number)
    )
    return [Near(*row) for row in rows]
