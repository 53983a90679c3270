"""Members by their names on the roll: who an operator is about to act for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from webapp.models import RollEntry
from webapp.rules import credentials
from webapp.rules.full_name import full_name
from webapp.services.kernel.work import Work
from webapp.services.roll import numbers


class NotOnTheRoll(Exception):
    """Members that the roll does not know: nothing is changed. `number` is the first, `near` the
    numbers of several that look like it."""

    def __init__(self, number: str, near: Sequence[str] = ()):
        super().__init__(number)
        self.number, self.near = number, tuple(near)


@dataclass(frozen=True)
class Named:
    """A member as the roll names them. `typed`: the number that led here, where it is not exactly
    the mutual's."""

    number: str
    civility: str
    first_name: str
    last_name: str
    status: str
    typed: str | None = None

    @property
    def names(self) -> str:
        """« Mme Odile Martin », as far as the roll says it."""
        return full_name(self.civility, self.first_name, self.last_name)


def named(work: Work, typed: Iterable[str]) -> list[Named]:
    """The members whom these numbers mean, each once, in the order given. Raises NotOnTheRoll."""
    found = (_named(work, each) for each in typed)
    return list({credentials.identity(each.number): each for each in found}.values())


def _named(work: Work, typed: str) -> Named:
    names = RollEntry.civility, RollEntry.first_name, RollEntry.last_name
    asked = select(RollEntry.number, *names, RollEntry.status).where(numbers.may_be_meant())
    near = work.db.execute(asked, numbers.readings(typed)).all()
    entry = numbers.meant(near, typed)
    if entry is None:
        raise NotOnTheRoll(typed, sorted(each.number for each in near))
    told = (entry.civility, entry.first_name, entry.last_name, entry.status)
    return Named(entry.number, *told, typed=None if numbers.is_exact(entry, typed) else typed)


def id_of(work: Work, number: str) -> int:
    """The entry of the member who has exactly this number. Raises NotOnTheRoll."""
    entry = numbers.find(work, number)
    if entry is None or not numbers.is_exact(entry, number):
        raise NotOnTheRoll(number)
    return entry.id
