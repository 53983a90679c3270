"""What an address of origin gets back of its failures, because something was proved from there.

The failures and the requests for a new password are counted in throttle.py.
"""

from sqlalchemy import ColumnElement, String, and_, bindparam, case, func, select, update

from webapp.models import Throttle
from webapp.models.base import table
from webapp.models.prepared import PreparedChange
from webapp.rules import limits
from webapp.rules.limits import Limit
from webapp.services.kernel import throttle
from webapp.services.kernel.work import Work

_TABLE = table(Throttle)
_OWN, _BACK = bindparam("own", type_=String), limits.GIVEN_BACK
_TO_THANK = _TABLE.c.key.in_([_OWN, bindparam("failures"), bindparam("requests")])
_THANK = PreparedChange(
    update(_TABLE)
    .where(
        # locked in one order: members of one house do right things at once
        _TABLE.c.key.in_(select(_TABLE.c.key).where(_TO_THANK).order_by("key").with_for_update())
    )
    .values(
        used=case(
            (and_(_TABLE.c.key != _OWN, _TABLE.c.used > _BACK), _TABLE.c.used - _BACK), else_=0
        )
    )
)


def thank(work: Work, limit: Limit | None = None, subject: str = "") -> None:
    """Give this address of origin back some of its failures and of its requests for a new password,
    because something was proved from there. A shared address thus may fail more the more its
    people do right. The count of `limit` (not a doubling one) and `subject` is forgotten too.
    """
    own = throttle.key(work, limit.name, subject) if limit else ""
    _THANK.run(work.db, {"own": own} | _origin_rows(work))


def thank_within(work: Work, limit: Limit, subject: str, *, whose: str, owed: int | None) -> None:
    """`thank` for what its holder can prove as often as they like: a letter, an account (`whose`).

    Beyond limits.THANKS, and where the address of origin has lost less than one of them gives
    (`owed`), the count of `limit` alone is forgotten.
    """
    lid = throttle.key(work, limits.THANKS.name, whose)
    if (owed or 0) >= _BACK and throttle.spend_row(work, limits.THANKS, lid) is not None:
        thank(work, limit, subject)
    else:
        throttle.refund(work, limit, subject)


def owed() -> ColumnElement[int]:
    """SQL: what this address of origin has lost, for `thank_within`; its parameters are those of
    `owing`."""
    mine = _TABLE.c.key.in_([bindparam("failures"), bindparam("requests")])
    return select(func.max(_TABLE.c.used)).where(mine).scalar_subquery()


def owing(work: Work) -> dict[str, str]:
    """The parameters of `owed`."""
    return _origin_rows(work)


def _origin_rows(work: Work) -> dict[str, str]:
    return {
        "failures": throttle.key(work, throttle.ORIGIN, work.origin),
        "requests": throttle.key(work, limits.RECOVERY_ORIGIN.name, work.origin),
    }
