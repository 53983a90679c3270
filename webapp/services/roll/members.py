"""Members by their names on the roll: who an operator is about to act for."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from webapp.models import RollEntry
from webapp.services.kernel.work import Work


class NotOnTheRoll(Exception):
    """Members that the roll does not know: nothing is changed. `number_key` is the first."""

    def __init__(self, number_key: str):
        super().__init__(number_key)
        self.number_key = number_key


@dataclass(frozen=True)
class Named:
    """A member as the roll names them."""

    number: str
    civility: str
    first_name: str
    last_name: str
    status: str

    @property
    def names(self) -> str:
        """« Mme Odile Martin », as far as the roll says it."""
        return " ".join(filter(None, (self.civility, self.first_name, self.last_name)))


def named(work: Work, number_keys: Iterable[str]) -> list[Named]:
    """These members, each once, in the order given. Raises NotOnTheRoll."""
    return [_named(work, each) for each in dict.fromkeys(number_keys)]


def _named(work: Work, number_key: str) -> Named:
    names = RollEntry.civility, RollEntry.first_name, RollEntry.last_name
    columns = select(RollEntry.number, *names, RollEntry.status)
    row = work.db.execute(columns.where(RollEntry.number_key == number_key)).first()
    if row is None:
        raise NotOnTheRoll(number_key)
    return Named(*row)
