"""Paper letters at the door: which one a newer letter replaced."""

from datetime import datetime
from functools import cache
from typing import NamedTuple, Protocol

from sqlalchemy import LargeBinary, bindparam, exists, or_, select
from sqlalchemy.orm import aliased

from webapp.models import Letter, LetterBatch
from webapp.models.base import BigId
from webapp.models.prepared import Prepared
from webapp.services.kernel.work import Work

_NOBODYS = bytes(32)


class Proof(Protocol):
    """A member's code on the roll."""

    @property
    def id(self) -> int: ...
    @property
    def code_mac(self) -> bytes: ...
    @property
    def replaced_mac(self) -> bytes | None: ...


class _Found(NamedTuple):
    known: bool
    newer_at: datetime | None


class Newer(NamedTuple):
    """What replaced a letter. `made_at`: None for a code that came with the mutual's file."""

    made_at: datetime | None


def newer_than(work: Work, row: Proof | None, salt: str, access_code: str) -> Newer | None:
    """What replaced the letter of this code, which was the member's once; None for a code that
    never was. `row` None: nobody's number.

    The same work whatever there is: two keyed hashes and one statement, on as many rows as the
    member has letters.
    """
    seals = work.world.seals
    former = (row.replaced_mac if row else None) or _NOBODYS
    of_the_file = seals.same(former, "access_code", salt, access_code)
    typed = seals.macs("access_code", salt, access_code)
    values = {f"typed_{at}": mac for at, mac in enumerate(typed)}
    whose = {"whose": row.id, "present": row.code_mac} if row else {"whose": 0, "present": _NOBODYS}
    found = _asked(len(typed)).one(work.db, values | whose)
    if row is None or not (of_the_file or found.known):
        return None
    return Newer(found.newer_at)


@cache
def _asked(keys: int) -> Prepared[_Found]:
    """Whether one of so many keyed hashes is of a letter of this member's, and when the batch of
    the present one was made."""
    newer = aliased(Letter)
    whose = bindparam("whose", type_=BigId)
    typed = [bindparam(f"typed_{at}", type_=LargeBinary) for at in range(keys)]
    theirs = exists().where(
        Letter.roll_id == whose, or_(*(Letter.code_mac == mac for mac in typed))
    )
    made = (
        select(LetterBatch.made_at)
        .join(newer, newer.batch_id == LetterBatch.id)
        .where(newer.roll_id == whose)
        .where(newer.code_mac == bindparam("present", type_=LargeBinary))
        .limit(1)
        .scalar_subquery()
    )
    return Prepared(_Found, select(theirs.label("known"), made.label("newer_at")))
