"""The pages of members that operators have open: for a reason, within a budget, for ten minutes.

A look is a member's page opened, or a search that finds nobody. A reload within ten minutes, and
the page after a deed, are none.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, delete, select, update

from webapp.models import RollEntry
from webapp.models.base import Moment
from webapp.models.desk import Look
from webapp.models.prepared import Prepared
from webapp.rules import lifetimes, limits
from webapp.rules.limits import Limit
from webapp.rules.refusals import Refusal
from webapp.services.kernel import household, journal, throttle
from webapp.services.kernel.work import Work

_CLOSED = "desk_looks_closed"


class Opened(NamedTuple):
    """A member's page that an operator has open. `checked`: the caller answered the questions, so
    that details show; `misses`: the wrong answers before that."""

    reason: str
    checked: bool
    misses: int


class _Row(NamedTuple):
    reason: str
    checked_at: datetime | None
    misses: int


_OPENED = Prepared(
    _Row,
    select(Look.reason, Look.checked_at, Look.misses).where(
        Look.operator_id == bindparam("operator_id"),
        Look.roll_id == bindparam("roll_id"),
        Look.open_until > bindparam("now", type_=Moment),
    ),
)


def spend(work: Work, operator_id: int) -> None:
    """One look less in this operator's hour, over all processes. Raises
    Refusal("desk_looks_closed") with the wait."""
    with _journaled(work):
        throttle.spend(work, _limit(work), str(operator_id), _CLOSED)


def budget(work: Work, operator_id: int) -> dict[str, object]:
    """The parameters of `throttle.is_full`, for this operator's hour."""
    return throttle.full(work, _limit(work), str(operator_id))


@contextmanager
def _journaled(work: Work) -> Iterator[None]:
    """Whoever goes on after the budget was spent is written down."""
    try:
        yield
    except Refusal:
        journal.write(work, "desk.looks_closed")
        raise


def begin(work: Work, operator_id: int, roll_id: int, reason: str) -> None:
    """Open a member's page, which the member reads in their history. One that is open already
    stays so, with its reason, and costs nothing. Raises Refusal("desk_looks_closed"), LookupError
    for no such entry, which costs a look all the same.
    """
    whose = select(household.account_of(RollEntry.id).label("account_id"))
    entry = work.db.execute(whose.where(RollEntry.id == roll_id)).first()
    if entry is None:
        spend(work, operator_id)
        journal.write(work, "desk.sought", by="page", several=False)
        raise LookupError(roll_id)
    if not _open(work, operator_id, roll_id, reason):
        return
    with _journaled(work):
        throttle.spend_or_undo(work, _limit(work), str(operator_id), _CLOSED)
    journal.write(work, "desk.looked", account_id=entry.account_id, roll_id=roll_id, reason=reason)


def _limit(work: Work) -> Limit:
    return replace(limits.DESK_LOOKS, tries=work.world.looks_per_operator)


def _open(work: Work, operator_id: int, roll_id: int, reason: str) -> bool:
    """Whether it was not open, once however often the button was pressed."""
    values = {
        "reason": reason,
        "opened_at": work.now,
        "open_until": work.now + lifetimes.LOOK,
        "checked_at": None,
        "misses": 0,
    }
    written = work.db.execute(
        work.insert(Look)
        .values(operator_id=operator_id, roll_id=roll_id, **values)
        .on_conflict_do_update(
            index_elements=["operator_id", "roll_id"],
            set_=values,
            where=Look.open_until <= work.now,
        )
        .returning(Look.id)
    )
    return written.first() is not None


def opened(work: Work, operator_id: int, roll_id: int) -> Opened | None:
    """The page as this operator has it open, None when they have not."""
    row = _OPENED.first(work.db, {"operator_id": operator_id, "roll_id": roll_id, "now": work.now})
    return Opened(row.reason, row.checked_at is not None, row.misses) if row else None


def keep_open(work: Work, operator_id: int, roll_id: int) -> None:
    """A deed was done on the page, or it was answered: it stays open ten minutes more."""
    work.db.execute(
        update(Look)
        .where(Look.operator_id == operator_id, Look.roll_id == roll_id)
        .where(Look.open_until > work.now)
        .values(open_until=work.now + lifetimes.LOOK)
    )


def check(work: Work, operator_id: int, roll_id: int) -> None:
    """The caller answered the questions: details show from now on."""
    work.db.execute(
        update(Look)
        .where(Look.operator_id == operator_id, Look.roll_id == roll_id)
        .where(Look.open_until > work.now)
        .values(checked_at=work.now, open_until=work.now + lifetimes.LOOK)
    )


def spend_answer(work: Work, operator_id: int, roll_id: int) -> int:
    """One answer of the caller's less, before it is compared; returns how many were used, 0 where
    none was left or the page is closed."""
    used = work.db.execute(
        update(Look)
        .where(Look.operator_id == operator_id, Look.roll_id == roll_id)
        .where(Look.open_until > work.now, Look.checked_at.is_(None))
        .where(Look.misses < limits.DESK_ANSWERS)
        .values(misses=Look.misses + 1)
        .returning(Look.misses)
    ).scalar()
    return int(used or 0)


def close(work: Work, operator_id: int, roll_id: int) -> None:
    """The page is closed: to open it again is another look."""
    work.db.execute(delete(Look).where(Look.operator_id == operator_id, Look.roll_id == roll_id))
