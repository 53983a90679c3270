"""Letters that tell a member what touches the security of their space: at most ten an hour to an
address, whatever the cause; the others leave when their turn comes. Two of the ten places are for
urgent ones, whose link stops or undoes something: whoever did that could hold them back behind
others."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, literal, literal_column, select, text
from sqlalchemy.types import String

from webapp.models import OutboxLetter
from webapp.models.base import Moment
from webapp.rules import credentials, limits
from webapp.rules.limits import Limit
from webapp.services import outbox, throttle
from webapp.services.work import Work

GOOD_FOR = limits.DAY  # a notice that could not leave for a day tells nothing any more


def tell(work: Work, name: str, **letter: Any) -> str:
    """Write the letter `name` in this work's transaction; returns its id. `letter` is what `draft`
    asks for."""
    row = draft(work, name, **letter)
    outbox.post_sealed(work, row)
    return str(row["id"])


def draft(
    work: Work,
    name: str,
    *,
    to: str,
    good_for: timedelta = GOOD_FOR,
    urgent: bool = False,
    at_once: bool = False,
    **facts: Any,
) -> dict[str, Any]:
    """A notice for `outbox.post_sealed`, several of them to several addresses in one statement; two
    to the same address would take the same turn.

    It leaves as soon as the limit lets it, and never after `good_for`. `urgent`: its link stops or
    undoes something. `at_once`: it takes a place and waits for none, the caller limits it.
    """
    limit = limits.URGENT_NOTICES if urgent else limits.NOTICES
    key = _key(work, limit, to)
    return outbox.sealed(
        work,
        name,
        to=to,
        best_before=work.now + good_for,
        to_key=key,
        leaves=literal(work.now, Moment) if at_once else _turn(work, limit, key),
        **facts,
    )


def to(work: Work, address: str) -> ColumnElement[bool]:
    """The condition that a letter is a notice to this address, urgent or not, under every secret
    key that letters kept so long may have been written with."""
    both, subject = (limits.NOTICES, limits.URGENT_NOTICES), credentials.email_key(address)
    keys = [key for limit in both for key in throttle.keys(work, limit.name, subject)]
    return OutboxLetter.to_key.in_(keys)


def _key(work: Work, limit: Limit, address: str) -> str:
    """The keyed hash of an address, by which its notices are counted."""
    return throttle.key(work, limit.name, credentials.email_key(address))


def _turn(work: Work, limit: Limit, key: str) -> ColumnElement[datetime]:
    """When the next letter may leave: an hour after the eighth (or second) before it, or now.

    In the statement that writes the letter: counting costs no question of its own.
    """
    now = bindparam("leaves_now", work.now, type_=Moment)
    last = (
        select(OutboxLetter.turn)
        .where(OutboxLetter.to_key == key)
        .order_by(OutboxLetter.turn.desc())
        .offset(limit.tries - 1)
        .limit(1)
        .scalar_subquery()
    )
    hour = int(limit.span.total_seconds())
    if work.db.dialect.name == "postgresql":
        later = last + text(f"interval '{hour} seconds'")
        return func.greatest(now, later, type_=Moment)
    later = func.strftime("%Y-%m-%d %H:%M:%f000", last, literal_column(f"'+{hour} seconds'"))
    return func.max(now, func.coalesce(later, now, type_=String), type_=Moment)
