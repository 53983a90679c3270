"""The pages of members that operators have open: for a reason, within a budget, for ten minutes.

A look is a member's page opened, or a search that finds nobody. A reload within ten minutes, and
the page after a deed, are none.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import NamedTuple

from sqlalchemy import delete, literal, select, update

from webapp.models import Look
from webapp.rules import lifetimes, limits
from webapp.rules.refusals import Refusal
from webapp.services.kernel import household, journal, throttle
from webapp.services.kernel.work import Work


class Opened(NamedTuple):
    """A member's page that an operator has open. `checked`: the caller answered the questions, so
    that details show; `misses`: the wrong answers before that."""

    reason: str
    checked: bool
    misses: int


def spend(work: Work, operator_id: int) -> None:
    """One look less in this operator's hour, over all processes. Raises
    Refusal("desk_looks_closed") with the wait."""
    limit = replace(limits.DESK_LOOKS, tries=work.world.looks_per_operator)
    with _journaled(work):
        throttle.spend(work, limit, str(operator_id), "desk_looks_closed")


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
    stays so, with its reason. Raises Refusal("desk_looks_closed"), LookupError for no such entry.
    """
    if opened(work, operator_id, roll_id):
        return
    spend(work, operator_id)
    values = {
        "reason": reason,
        "opened_at": work.now,
        "open_until": work.now + lifetimes.LOOK,
        "checked_at": None,
        "misses": 0,
    }
    work.db.execute(
        work.insert(Look)
        .values(operator_id=operator_id, roll_id=roll_id, **values)
        .on_conflict_do_update(index_elements=["operator_id", "roll_id"], set_=values)
    )
    account_id = work.db.execute(select(household.account_of(literal(roll_id)))).scalar()
    journal.write(work, "desk.looked", account_id=account_id, roll_id=roll_id, reason=reason)


def opened(work: Work, operator_id: int, roll_id: int) -> Opened | None:
    """The page as this operator has it open, None when they have not."""
    row = work.db.execute(
        select(Look.reason, Look.checked_at, Look.misses).where(
            Look.operator_id == operator_id, Look.roll_id == roll_id, Look.open_until > work.now
        )
    ).first()
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


def miss(work: Work, operator_id: int, roll_id: int) -> int:
    """A wrong answer; returns how many there were."""
    misses = work.db.execute(
        update(Look)
        .where(Look.operator_id == operator_id, Look.roll_id == roll_id)
        .where(Look.open_until > work.now)
        .values(misses=Look.misses + 1)
        .returning(Look.misses)
    ).scalar()
    return int(misses or 0)


def close(work: Work, operator_id: int, roll_id: int) -> None:
    """The page is closed: to open it again is another look."""
    work.db.execute(delete(Look).where(Look.operator_id == operator_id, Look.roll_id == roll_id))
