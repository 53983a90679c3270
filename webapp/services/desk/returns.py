"""Letters that the post brought back, noted at the desk: one at once; several, once another
operator agrees."""

from collections.abc import Collection, Mapping, Sequence
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
from webapp.services.roll import table as roll
from webapp.services.roll.members import NotOnTheRoll
from webapp.services.roll.report import RollRefused

A_CHUNK = 500  # numbers looked up in one statement


@dataclass(frozen=True)
class Scanned:
    """A list of numbers as it was scanned or pasted. `known`: entries of the roll, each once, and
    `numbers` the lines that name them; `unknown`: the lines, from 1, that hold no member's exact
    number; `twice`: how many say again what another line said."""

    known: tuple[int, ...]
    numbers: tuple[str, ...]
    unknown: tuple[int, ...]
    twice: int


def read(work: Work, lines: Sequence[str]) -> Scanned:
    """The members whom these lines name, each number exactly as the mutual's."""
    typed = {at: _typed(line) for at, line in enumerate(lines, start=1) if line.strip()}
    on_the_roll = _exact(work, {each for each in typed.values() if each})
    unknown = tuple(at for at, number in typed.items() if number not in on_the_roll)
    known: dict[int, str] = {}
    for at, number in typed.items():
        if number in on_the_roll:
            known.setdefault(on_the_roll[number], lines[at - 1].strip())
    twice = len(typed) - len(unknown) - len(known)
    return Scanned((*known,), (*known.values(),), unknown, twice)


def _typed(line: str) -> str:
    """What tells the number of this line from others, "" for none."""
    return credentials.identity(credentials.typed_number(line) or "")


def _exact(work: Work, typed: Collection[str]) -> Mapping[str, int]:
    """The entries of these numbers, some at a time: one by one, a long list holds up whoever else
    writes."""
    found: dict[str, int] = {}
    once = [*typed]
    for at in range(0, len(once), A_CHUNK):
        part = once[at : at + A_CHUNK]
        keys = [key for each in part if (key := credentials.member_number(each))]
        entries = roll.known(work, keys)
        found |= {each: entries[each].id for each in part if each in entries}
    return found


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
