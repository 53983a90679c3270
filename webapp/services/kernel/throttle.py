"""Rate limits, counted atomically: one statement spends a try or refuses it, whatever runs beside.

A try is spent before the comparison and given back when it was right, so that a thousand
parallel guesses get no more comparisons than the limit says.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import (
    ColumnElement,
    Integer,
    String,
    bindparam,
    case,
    delete,
    exists,
    select,
    text,
    update,
)

from webapp.models import Throttle
from webapp.models.base import Moment, table
from webapp.models.prepared import Prepared, PreparedChange
from webapp.rules import limits
from webapp.rules.limits import Limit
from webapp.rules.refusals import Refusal
from webapp.services.kernel.work import Work

_MOMENTS = [bindparam(name, type_=Moment) for name in ("now", "ends")]

# Raw SQL, the same on both databases: SQLAlchemy has no one spelling of an upsert from a SELECT.
_GATE = """
INSERT INTO throttle (key, used, window_ends, closed_until)
SELECT :key, 1, :ends, :now
WHERE NOT EXISTS (
    SELECT 1 FROM throttle AS origin
    WHERE origin.key = :origin AND origin.window_ends > :now AND origin.used >= :origin_tries)
ON CONFLICT (key) DO UPDATE SET
    used = CASE WHEN throttle.window_ends <= :now THEN 1 ELSE throttle.used + 1 END,
"""


class _Used(NamedTuple):
    used: int


_SPEND = Prepared(
    _Used,
    text(
        _GATE
        + """
    window_ends = CASE WHEN throttle.window_ends <= :now THEN :ends ELSE throttle.window_ends END
WHERE throttle.window_ends <= :now OR throttle.used < :tries
RETURNING used
"""
    )
    .bindparams(*_MOMENTS)
    .columns(used=Integer),
)

_WAITS = [min(2**step, 60) for step in range(7)]  # minutes: 1, 2, 4 … 60
_STEPS = " ".join(f"WHEN :tries + {step} THEN :wait{step}" for step in range(7))
_SPEND_DOUBLING = Prepared(
    _Used,
    text(
        _GATE
        + f"""
    window_ends = :ends,
    closed_until = CASE
        WHEN throttle.window_ends <= :now OR throttle.used + 1 < :tries THEN :now
        ELSE CASE throttle.used + 1 {_STEPS} ELSE :wait6 END END
WHERE throttle.closed_until <= :now
RETURNING used
"""
    )
    .bindparams(*_MOMENTS, *(bindparam(f"wait{step}", type_=Moment) for step in range(7)))
    .columns(used=Integer),
)

_REFUND = PreparedChange(delete(Throttle).where(Throttle.key == bindparam("which")))
_TABLE = table(Throttle)
_GIVE_BACK = PreparedChange(
    update(_TABLE)
    .where(_TABLE.c.key == bindparam("which"))
    .values(
        used=case((_TABLE.c.used > 0, _TABLE.c.used - 1), else_=0),
        closed_until=bindparam("now", type_=Moment),
    )
)
ORIGIN = "origin"  # the limit on the failures of an address of origin


def key(work: Work, name: str, subject: str) -> str:
    """The row's key: keyed hash of limit and subject, so that the table names nobody."""
    return work.world.seals.mac("throttle", name, subject).hex()


def keys(work: Work, name: str, subject: str) -> list[str]:
    """`key`, then what it was under each former secret key: to find what was written then."""
    return [each.hex() for each in work.world.seals.macs("throttle", name, subject)]


def spend(
    work: Work,
    limit: Limit,
    subject: str,
    refusal: str,
    *,
    field: str | None = None,
) -> int:
    """Spend one try and return how many are used, whatever the address of origin did. The caller
    settles before it compares.

    Raises Refusal(`refusal`) with the wait when none is left.
    """
    used = spend_row(work, limit, key(work, limit.name, subject))
    if used is None:
        raise _closed(work, limit, subject, refusal, field)
    return used


def is_full() -> ColumnElement[bool]:
    """SQL: whether `spend` would refuse, of a limit that does not double; its parameters are those
    of `full`."""
    return exists().where(
        Throttle.key == bindparam("limited", type_=String),
        Throttle.used >= bindparam("tries", type_=Integer),
        Throttle.window_ends > bindparam("now", type_=Moment),
    )


def full(work: Work, limit: Limit, subject: str) -> dict[str, object]:
    """The parameters of `is_full`."""
    own = key(work, limit.name, subject)
    return {"limited": own, "tries": limit.tries, "now": work.now}


def spend_or_undo(work: Work, limit: Limit, subject: str, refusal: str) -> None:
    """`spend` after what it limits was written: when it is refused, all that is undone that this
    work did not settle. Raises Refusal(`refusal`)."""
    try:
        spend(work, limit, subject, refusal)
    except Refusal:
        work.undo()
        raise


def guess(work: Work, limit: Limit, subject: str, refusal: str) -> int:
    """`spend` for somebody who has proved nothing: refused while the address of origin is closed.

    A refused one counts as a failure of that address: who hammers closes it, and does not reach
    the owner's delay any more. Raises Refusal(`refusal`) and Refusal("origin_closed").
    """
    used = spend_row(work, limit, key(work, limit.name, subject), gated=True)
    if used is None:
        closed = _closed(work, limit, subject, refusal, None, gated=True)
        raise closed if closed.key == "origin_closed" else failed(work, closed)
    return used


def refund(work: Work, limit: Limit, subject: str) -> None:
    """The try was right: forget the count."""
    _REFUND.run(work.db, {"which": key(work, limit.name, subject)})


def give_back(work: Work, limit: Limit, subject: str) -> None:
    """Take back the try just spent, and the wait that it began; those before it still count. No
    other try can have begun a wait meanwhile, since a wait outlasts any comparison."""
    _GIVE_BACK.run(work.db, {"which": key(work, limit.name, subject), "now": work.now})


@contextmanager
def unless_busy(work: Work, limit: Limit, subject: str) -> Iterator[None]:
    """A context for hashing or comparing. When the machine has no room for it, the try spent before
    is given back and committed, and Refusal("busy") is raised on."""
    try:
        yield
    except Refusal as refusal:
        if refusal.key == "busy":
            give_back(work, limit, subject)
            work.settle()  # the answer is a 503, which undoes what is not settled
        raise


def failed(work: Work, refusal: Refusal, *, gated: bool = True) -> Refusal:
    """Count a failure of this address of origin; returns what the caller raises: `refusal`, or
    origin_closed from the first one above the limit, so that at most the limit of failures an hour
    ever tells anything.

    Not `gated`: a slip of somebody who has proved something already (a password, a mailed link);
    it counts, and is told as what it is: the next right try goes through.
    """
    tries = work.world.failures_per_origin
    if not tries or not work.origin:
        return refusal
    limit = Limit(ORIGIN, tries, limits.ORIGIN_SPAN)
    used = spend_row(work, limit, key(work, ORIGIN, work.origin))
    if used is None and gated:
        return _closed(work, limit, work.origin, "origin_closed", None, gated=True)
    return refusal


def ask_recovery(work: Work) -> None:
    """Count a request for a new password from this address of origin.

    Raises Refusal("recovery_closed") with the wait.
    """
    tries = work.world.recoveries_per_origin
    if tries:
        limit = replace(limits.RECOVERY_ORIGIN, tries=tries)
        spend(work, limit, work.origin, "recovery_closed")


def spend_row(work: Work, limit: Limit, row_key: str, *, gated: bool = False) -> int | None:
    """Spend one try of the row of this key. Returns how many are used, None when none is left, or
    when `gated` and the address of origin is closed."""
    now = work.now
    failures = work.world.failures_per_origin if gated else 0
    values = {
        "key": row_key,
        "now": now,
        "ends": now + (limits.DAY if limit.doubling else limit.span),
        "tries": limit.tries,
        "origin": key(work, ORIGIN, work.origin) if failures else "",  # "": no row's
        "origin_tries": failures,
    }
    if limit.doubling:
        values |= {f"wait{step}": now + timedelta(minutes=m) for step, m in enumerate(_WAITS)}
    statement = _SPEND_DOUBLING if limit.doubling else _SPEND
    row = statement.first(work.db, values)
    return None if row is None else row.used


def _closed(
    work: Work, limit: Limit, subject: str, refusal: str, field: str | None, *, gated: bool = False
) -> Refusal:
    """The refusal when no try could be spent: because of the origin or of the limit itself, with
    the wait."""
    origin = key(work, ORIGIN, work.origin)
    own = key(work, limit.name, subject)
    asked = select(Throttle.key, Throttle.used, Throttle.window_ends, Throttle.closed_until)
    found = work.db.execute(asked.where(Throttle.key.in_([origin, own]))).all()
    now, failures = work.now, work.world.failures_per_origin if gated else 0
    opens = now
    for of, used, window_ends, closed_until in found:
        if failures and of == origin and used >= failures and window_ends > now:
            return Refusal("origin_closed", wait=window_ends - now)
        if of == own:
            opens = closed_until if limit.doubling else window_ends
    return Refusal(refusal, field, wait=max(opens - now, timedelta(seconds=1)))
