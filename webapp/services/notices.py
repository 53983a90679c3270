"""Letters that tell a member what touches the security of their space: at most ten an hour to an
address, whatever the cause. The eleventh leaves when its turn comes; one whose link stops or undoes
something leaves at once, since whoever did that could hold it back behind others."""

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, literal_column, select, text
from sqlalchemy.types import String

from webapp.models import OutboxLetter
from webapp.models.base import Moment
from webapp.rules import credentials, limits
from webapp.services import outbox, throttle
from webapp.services.work import Work

GOOD_FOR = limits.DAY  # a notice that could not leave for a day tells nothing any more


def tell(
    work: Work,
    name: str,
    *,
    to: str,
    good_for: timedelta = GOOD_FOR,
    at_once: bool = False,
    **facts: Any,
) -> str:
    """Write the letter `name` in this work's transaction; returns its id.

    It leaves as soon as the limit lets it, `at_once` whatever the limit says (the caller has one of
    its own), and never after `good_for`.
    """
    row = draft(work, name, to=to, good_for=good_for, at_once=at_once, **facts)
    outbox.post_sealed(work, row)
    return str(row["id"])


def draft(
    work: Work,
    name: str,
    *,
    to: str,
    good_for: timedelta = GOOD_FOR,
    at_once: bool = False,
    **facts: Any,
) -> dict[str, Any]:
    """What `tell` writes, for several letters to several addresses in one statement
    (`outbox.post_sealed`). Two to the same address would take the same turn."""
    key = to_key(work, to)
    return outbox.sealed(
        work,
        name,
        to=to,
        best_before=work.now + good_for,
        to_key=key,
        leaves=None if at_once else _turn(work, key),
        **facts,
    )


def to_key(work: Work, address: str) -> str:
    """The keyed hash of an address, by which its notices are counted."""
    return throttle.key(work, limits.NOTICES.name, credentials.email_key(address))


def to_keys(work: Work, address: str) -> list[str]:
    """`to_key` under every secret key that letters kept so long may have been written with."""
    return throttle.keys(work, limits.NOTICES.name, credentials.email_key(address))


def _turn(work: Work, key: str) -> ColumnElement[Any]:
    """When the next letter may leave: an hour after the tenth before it, or now.

    In the statement that writes the letter: counting costs no question of its own.
    """
    now = bindparam("leaves_now", work.now, type_=Moment)
    tenth = (
        select(OutboxLetter.turn)
        .where(OutboxLetter.to_key == key)
        .order_by(OutboxLetter.turn.desc())
        .offset(limits.NOTICES.tries - 1)
        .limit(1)
        .scalar_subquery()
    )
    hour = int(limits.NOTICES.span.total_seconds())
    if work.db.dialect.name == "postgresql":
        later = tenth + text(f"interval '{hour} seconds'")
        return func.greatest(now, later, type_=Moment)
    later = func.strftime("%Y-%m-%d %H:%M:%f000", tenth, literal_column(f"'+{hour} seconds'"))
    return func.max(now, func.coalesce(later, now, type_=String), type_=Moment)
