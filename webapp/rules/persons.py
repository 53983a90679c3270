"""The members who share a space: which of them a page speaks of."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple, Protocol

from webapp.rules.full_name import full_name
from webapp.rules.statuses import CLOSED_SPACE


class Named(Protocol):
    """A member by their names on the roll."""

    @property
    def number(self) -> str: ...
    @property
    def civility(self) -> str: ...
    @property
    def first_name(self) -> str: ...
    @property
    def last_name(self) -> str: ...


def name_of(member: Named) -> str:
    """« M. Gérard Exemple », as far as the roll says it; else the number."""
    return full_name(member.civility, member.first_name, member.last_name) or member.number


class Person(NamedTuple):
    """A member of a space of several. `since`: when they joined it, None for its first member."""

    roll_id: int
    number: str
    civility: str
    first_name: str
    last_name: str
    status: str
    terms_version: str
    closing_at: datetime | None
    since: datetime | None

    @property
    def name(self) -> str:
        """« M. Gérard Exemple », as far as the roll says it; else the number."""
        return name_of(self)

    @property
    def is_here(self) -> bool:
        """Whether they neither left the mutual nor died."""
        return self.status not in CLOSED_SPACE


def shown(persons: Iterable[Person], roll_id: int | None) -> Person | None:
    """The person that a page asked for; without one, the first who is here, or the first of all
    where nobody is. None: who was asked for is not of this space, or not here any more."""
    everybody = tuple(persons)
    here = [each for each in everybody if each.is_here]
    if roll_id is None:
        return next(iter(here or everybody), None)
    return next((each for each in here if each.roll_id == roll_id), None)
