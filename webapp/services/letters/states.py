"""In which state a letter is: it follows from the letter, its batch, the roll and the account.

Nothing that a newer letter or an import does has to be told to the former one; and so nothing can
forget to.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, case, func, literal, or_, select

from webapp.models import Account, JoinedMember, Letter, LetterBatch, RollEntry
from webapp.models.base import Moment
from webapp.rules import lifetimes
from webapp.rules.letters import EXPIRED, MADE, POSTED, RETURNED, STATES, USED, VOID
from webapp.services.kernel.work import Work

Asked = TypeVar("Asked", bound=Select[*tuple[Any, ...]])
_SOME = 1_000


def state(now: datetime) -> ColumnElement[str]:
    """SQL: the state of each letter of `of_letters`."""
    return state_where(literal(now - lifetimes.ACCESS_CODE, Moment))


def state_where(oldest: SQLColumnExpression[datetime]) -> ColumnElement[str]:
    """The same, where codes issued then, or before, have expired."""
    return case(
        (or_(Letter.used_at.is_not(None), _served()), USED),
        (Letter.returned_at.is_not(None), RETURNED),
        (RollEntry.code_mac != Letter.code_mac, VOID),
        (RollEntry.code_issued_at <= oldest, EXPIRED),
        (LetterBatch.posted_at.is_not(None), POSTED),
        else_=MADE,
    )


def of_letters(asked: Asked) -> Asked:
    """The statement on every letter but the trial ones, with all that its state follows from."""
    return (
        asked.select_from(Letter)
        .join(LetterBatch, LetterBatch.id == Letter.batch_id)
        .join(RollEntry, RollEntry.id == Letter.roll_id)
        .outerjoin(Account, Account.roll_id == RollEntry.id)
        .outerjoin(JoinedMember, JoinedMember.roll_id == RollEntry.id)
    )


def _served() -> ColumnElement[bool]:
    """It opened its member's space, or joined them to another's."""
    return or_(Account.code_mac == Letter.code_mac, JoinedMember.code_mac == Letter.code_mac)


def counts(work: Work, batch_id: int | None = None) -> Mapping[str, int]:
    """How many letters are in each state, of one batch or of all; every state is there."""
    found = state(work.now).label("state")
    asked = of_letters(select(found, func.count())).group_by(found)
    if batch_id is not None:
        asked = asked.where(Letter.batch_id == batch_id)
    rows: dict[str, int] = dict(work.db.execute(asked).all())
    return {name: rows.get(name, 0) for name in STATES}


class Listed(NamedTuple):
    """A letter as an operator's table has it; no code."""

    lot: int
    sequence: int
    number: str
    civility: str
    last_name: str
    first_name: str
    state: str
    made_at: datetime
    posted_on: date | None


def listed(
    work: Work, *, batch_id: int | None = None, only: str | None = None
) -> Iterator[Sequence[Listed]]:
    """The letters, some at a time, in the order of their batches; `only` those in this state."""
    found = state(work.now)
    names = (RollEntry.number, RollEntry.civility, RollEntry.last_name, RollEntry.first_name)
    batch = (LetterBatch.made_at, LetterBatch.posted_on)
    asked = of_letters(
        select(Letter.id, Letter.batch_id, Letter.sequence, *names, found, *batch)
    ).order_by(Letter.id)
    if batch_id is not None:
        asked = asked.where(Letter.batch_id == batch_id)
    if only is not None:
        asked = asked.where(found == only)
    last = 0
    while rows := work.db.execute(asked.where(Letter.id > last).limit(_SOME)).all():
        last = rows[-1][0]
        yield [Listed._make(row[1:]) for row in rows]
