"""The mutual parts a member from a space of several: at once, whoever opens it."""

from dataclasses import dataclass

from sqlalchemy import literal, select

from webapp.models import RollEntry
from webapp.rules.persons import Person, name_of
from webapp.services.account import erasure
from webapp.services.household import leaving
from webapp.services.kernel import household, journal, promotion
from webapp.services.kernel.work import Work
from webapp.services.mail import notices
from webapp.services.roll.members import Named, id_of, named


class Alone(Exception):
    """This member shares no space: nothing is changed. `number`: as the mutual writes it."""

    def __init__(self, number: str):
        super().__init__(number)
        self.number = number


@dataclass(frozen=True)
class Reached:
    """Whom a parting is to reach, and who stays in the space."""

    member: Named
    others: tuple[Person, ...]


def reached(work: Work, typed: str) -> Reached:
    """Whom this number means, changing nothing. Raises NotOnTheRoll, Alone."""
    [member] = named(work, [typed])
    roll_id = id_of(work, member.number)
    others = household.others(work, _space_of(work, roll_id), roll_id)
    if not others:
        raise Alone(member.number)
    return Reached(member, others)


def part(work: Work, number: str, *, reason: str = "") -> None:
    """Out of the space, whose address is told; where they were its first member, another becomes
    it. Their letter is used up, and what a newer one had begun ends. `number`: as the mutual writes
    it; `reason`, if any, stays in the journal, which the others may read.

    Raises NotOnTheRoll, Alone.
    """
    roll_id = id_of(work, number)
    # the letter first, as who confirms a newer one; the space last (services/takeover/effect.py)
    own = select(RollEntry.id).where(RollEntry.id == roll_id)
    work.db.execute(own.with_for_update(key_share=True)).close()
    account_id = _space_of(work, roll_id)
    if account_id is None or not household.others(work, account_id, roll_id):
        raise Alone(number)
    leaving.stop_of(work, roll_id)
    person = erasure.use_up(work, RollEntry.id == roll_id)
    to = promotion.let_go(work, account_id, roll_id)
    if person is None or to is None:
        work.undo()  # they have just left by themselves
        raise Alone(number)
    promotion.carry(work, roll_id, account_id)
    erasure.forget_registrations(work, roll_id)
    why = journal.why(reason)
    journal.write(work, "person.parted", account_id=account_id, **why)
    journal.write(work, "person.parted", roll_id=roll_id, **why)
    notices.tell(work, "parted", to=to, person=name_of(person))


def _space_of(work: Work, roll_id: int) -> int | None:
    found: int | None = work.db.execute(select(household.account_of(literal(roll_id)))).scalar()
    return found
