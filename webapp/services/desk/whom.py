"""Whom a deed is about: what its page shows before anything is done."""

from dataclasses import dataclass
from typing import TypedDict

from sqlalchemy import literal, select

from webapp.models import RollEntry
from webapp.rules.full_name import full_name
from webapp.rules.persons import Person
from webapp.services.kernel import household
from webapp.services.kernel.work import Work


@dataclass(frozen=True)
class Whom:
    """A member as the roll names them. `account_id`: the space that they are in, None without;
    `others`: who shares it."""

    roll_id: int
    number: str
    civility: str
    first_name: str
    last_name: str
    status: str
    account_id: int | None
    others: tuple[Person, ...]

    @property
    def names(self) -> str:
        """« Mme Odile Martin », as far as the roll says it; else the number."""
        return full_name(self.civility, self.first_name, self.last_name) or self.number


def find(work: Work, roll_id: int) -> Whom:
    """The member of this entry. Raises LookupError when there is none."""
    names = (RollEntry.number, RollEntry.civility, RollEntry.first_name, RollEntry.last_name)
    space = household.account_of(RollEntry.id).label("account_id")
    asked = select(RollEntry.id, *names, RollEntry.status, space).where(RollEntry.id == roll_id)
    row = work.db.execute(asked).first()
    if row is None:
        raise LookupError(roll_id)
    return Whom(*row, household.others(work, row.account_id, roll_id))


def hold(work: Work, roll_id: int) -> None:
    """Take a row lock on the entry: until this work ends nobody begins anything with its letter, no
    batch writes to it, and no other deed changes it. On SQLite nobody else writes anyway."""
    own = select(RollEntry.id).where(RollEntry.id == roll_id)
    work.db.execute(own.with_for_update(key_share=True)).close()


class Concerned(TypedDict):
    """Whom an entry of the journal is about."""

    account_id: int | None
    roll_id: int


def concerned(work: Work, roll_id: int) -> Concerned:
    """This member, in the space that they are in: it is theirs alone to read."""
    return {"account_id": space_of(work, roll_id), "roll_id": roll_id}


def space_of(work: Work, roll_id: int) -> int | None:
    """The account of the space that this member is in."""
    found: int | None = work.db.execute(select(household.account_of(literal(roll_id)))).scalar()
    return found
