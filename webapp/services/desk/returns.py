"""Letters that the post brought back, noted at the desk: one at once; several, once another
operator agrees."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from sqlalchemy import select

from webapp.models import RollEntry
from webapp.rules import credentials
from webapp.rules.refusals import Refusal
from webapp.rules.roles import AT_THE_PRINTER
from webapp.services.desk import names, second_operator
from webapp.services.desk.second_operator import Facts
from webapp.services.kernel.work import Work
from webapp.services.letters import posting
from webapp.services.letters.posting import CameBack
from webapp.services.roll import numbers
from webapp.services.roll.members import NotOnTheRoll
from webapp.services.roll.report import RollRefused


@dataclass(frozen=True)
class Scanned:
    """A list of numbers as it was scanned or pasted. `known`: entries of the roll, each once;
    `unknown`: the lines, from 1, that hold no member's exact number; `twice`: how many say again
    what another line said."""

    known: tuple[int, ...]
    unknown: tuple[int, ...]
    twice: int


def read(work: Work, lines: Sequence[str]) -> Scanned:
    """The members whom these lines name, each number exactly as the mutual's."""
    known: dict[int, None] = {}
    unknown: list[int] = []
    told = 0
    for at, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        told += 1
        found = _exact(work, line)
        if found is None:
            unknown.append(at)
        else:
            known[found] = None
    return Scanned((*known,), tuple(unknown), told - len(unknown) - len(known))


def _exact(work: Work, line: str) -> int | None:
    number = credentials.typed_number(line)
    entry = numbers.find(work, number) if number else None
    return entry.id if number and entry and numbers.is_exact(entry, number) else None


def note(work: Work, roll_ids: Sequence[int], reason: str) -> Sequence[CameBack] | None:
    """One member's letter is noted at once; several wait for another operator: None then.

    Raises Refusal: desk_no_known_number, desk_roll_busy.
    """
    if not roll_ids:
        raise Refusal("desk_no_known_number")
    if len(roll_ids) == 1:
        return _note(work, roll_ids, names.at_work(work))
    told = f"{len(roll_ids)} courriers, dont les codes ne marcheront plus"
    facts = {"roll_ids": list(roll_ids), "asker": names.at_work(work), "told": told}
    second_operator.ask(work, DEED, None, facts, reason)
    return None


def _returned(work: Work, _roll_id: int | None, facts: Facts, _reason: str) -> None:
    roll_ids = cast(Sequence[int], facts["roll_ids"])
    _note(work, roll_ids, names.both(work, str(facts["asker"])))


def _note(work: Work, roll_ids: Sequence[int], operator: str) -> Sequence[CameBack]:
    asked = select(RollEntry.number).where(RollEntry.id.in_(roll_ids)).order_by(RollEntry.id)
    try:
        return posting.returned(work, work.db.scalars(asked).all(), operator=operator)
    except NotOnTheRoll as gone:
        raise Refusal("desk_no_known_number") from gone
    except RollRefused as refused:
        raise Refusal("desk_roll_busy") from refused


DEED = second_operator.declare(
    "letters_returned", "Noter des courriers revenus (NPAI)", _returned, agrees=AT_THE_PRINTER
).key
