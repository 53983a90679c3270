"""New numbers that look like another one: « 200101 » where « 00200101 » is, « 12345.0 », « A1O ».

Almost all rolls write their numbers alike: as many signs, no separator, no O, I or L. Two of these
never look alike without being the same. What is left is compared with one another and with the
only one of the others that it may look like.
"""

from array import array
from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, or_, select

from webapp.models import RollEntry
from webapp.models.base import table as of
from webapp.rules.credentials import identity
from webapp.rules.roll_guards import Hit, loose
from webapp.rules.roll_values import shown
from webapp.services.roll.report import Import
from webapp.services.roll.seen import Seen, met_twice
from webapp.services.roll.watch import Found

_CHUNK = 500
_ROLL = of(RollEntry)


class _Number(NamedTuple):
    id: int
    number: str

    @property
    def rests(self) -> tuple[str, ...]:
        return loose(identity(self.number))


def look(task: Import) -> Hit | None:
    """The members added by this import whose numbers look like another's."""
    watch = task.watch
    if not task.counts["added"]:
        return None
    if not task.last_id and watch.plain and len(watch.lengths) == 1:
        return None  # all of them written alike, on a roll that was empty
    length = _usual_length(task)
    odd = _written_otherwise(length)
    if not task.work.db.scalar(select(_ROLL.c.id).where(odd).limit(1)):
        return None
    found, told = Found(), Seen()
    rests = array("q")
    for numbers in _chunks(task, odd):
        rests.extend(hash(rest) for each in numbers for rest in each.rests)
        for one, other in _beside_usual(task, numbers, length):
            _note(task, found, told, one, other)
    for one, other in _beside_one_another(task, odd, met_twice(rests)):
        _note(task, found, told, one, other)
    return Hit("numeros", found.count, tuple(found.examples)) if found.count else None


def _note(task: Import, found: Found, told: Seen, one: _Number, other: _Number) -> None:
    """Two members of the roll look alike: told once, for the one that is new."""
    new, known = (one, other) if one.id > other.id else (other, one)
    if new.id <= task.last_id or new.id in told:
        return  # both were on the roll before: somebody accepted that then
    told.add([new.id])
    found.note(f"« {shown(new.number)} » et « {shown(known.number)} »")


def _usual_length(task: Import) -> int:
    length = func.length(_ROLL.c.number_key)
    most = select(length).group_by(length).order_by(func.count().desc(), length).limit(1)
    return task.work.db.scalar(most) or 0


def _written_otherwise(length: int) -> ColumnElement[bool]:
    key = _ROLL.c.number_key
    letters = [key.contains(sign) for sign in "OIL"]
    return or_(func.length(key) != length, _ROLL.c.spelling != "", *letters)


def _chunks(task: Import, odd: ColumnElement[bool]) -> Iterator[list[_Number]]:
    last = 0
    asked = select(_ROLL.c.id, _ROLL.c.number).where(odd).order_by(_ROLL.c.id).limit(_CHUNK)
    while rows := task.work.db.execute(asked.where(_ROLL.c.id > last)).all():
        last = rows[-1].id
        yield list(map(_Number._make, rows))


def _beside_usual(
    task: Import, numbers: list[_Number], length: int
) -> Iterator[tuple[_Number, _Number]]:
    """The pairs of one of these and one that is written as almost all are."""
    usual = {rest.zfill(length): each for each in numbers for rest in each.rests}
    asked = select(_ROLL.c.id, _ROLL.c.number).where(
        _ROLL.c.number_key.in_(list(usual)), ~_written_otherwise(length)
    )
    for other in map(_Number._make, task.work.db.execute(asked)):
        yield usual[identity(other.number)], other


def _beside_one_another(
    task: Import, odd: ColumnElement[bool], hashes: set[int]
) -> Iterator[tuple[_Number, _Number]]:
    """The pairs of two of these."""
    first: dict[str, _Number] = {}
    for numbers in _chunks(task, odd) if hashes else ():
        for each in numbers:
            for rest in each.rests:
                other = first.setdefault(rest, each) if hash(rest) in hashes else each
                if other is not each:
                    yield other, each
