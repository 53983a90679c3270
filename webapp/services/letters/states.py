"""In which state a letter is: it follows from the letter, its batch, the roll and the account.

Nothing that a newer letter or an import does has to be told to the former one; and so nothing can
forget to.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, case, func, or_, select

from webapp.models import Account, Letter, LetterBatch, RollEntry
from webapp.rules import lifetimes
from webapp.rules.letters import EXPIRED, MADE, POSTED, RETURNED, STATES, USED, VOID
from webapp.services.kernel.work import Work

Asked = TypeVar("Asked", bound=Select[*tuple[Any, ...]])


def state(now: datetime) -> ColumnElement[str]:
    """SQL: the state of each letter of `of_letters`."""
    oldest = now - lifetimes.ACCESS_CODE
    return case(
        (or_(Letter.used_at.is_not(None), Account.code_mac == Letter.code_mac), USED),
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
    )


def counts(work: Work, batch_id: int | None = None) -> Mapping[str, int]:
    """How many letters are in each state, of one batch or of all; every state is there."""
    found = state(work.now).label("state")
    asked = of_letters(select(found, func.count())).group_by(found)
    if batch_id is not None:
        asked = asked.where(Letter.batch_id == batch_id)
    rows: dict[str, int] = dict(work.db.execute(asked).all())
    return {name: rows.get(name, 0) for name in STATES}
