"""What became of a mail with a code, for the one screen where its member waits for it.

Such a mail is marked with a keyed hash of who waits: the screen finds the youngest by it.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, String, exists, false, literal_column, or_, select

from webapp.models import OutboxMail
from webapp.models.outbox import WAITS
from webapp.rules import limits
from webapp.rules.delivery_reports import Outcome
from webapp.services.kernel.work import Work

YOUNG = timedelta(seconds=1)  # nothing can be known yet, and nothing is asked


class Fate(StrEnum):
    """What a member should know of a mail; the other states say that it is on its way."""

    FAILED = "failed"  # refused by the relay, or come back
    LATE = "late"  # it could not leave yet


_TOLD = {each.value: each for each in Fate}
STATE = literal_column(
    f"CASE WHEN outbox.outcome = '{Outcome.FAILED.value}' THEN '{Fate.FAILED}'"
    f" WHEN outbox.{WAITS} AND outbox.last_error <> '' THEN '{Fate.LATE}' ELSE outbox.state END",
    String,
)


def waiter(work: Work, purpose: str, owner: str) -> str:
    """What marks a mail for `owner`, who waits for it."""
    return work.world.seals.mac("mail_waited_for", purpose, owner).hex()


def is_waited_for(work: Work, purpose: str, owner: str) -> ColumnElement[bool]:
    """SQL: whether a mail so marked was written a pause ago at most: no other leaves yet."""
    keys = [mac.hex() for mac in work.world.seals.macs("mail_waited_for", purpose, owner)]
    young = OutboxMail.created_at > work.now - limits.RESEND_PAUSE
    return exists().where(OutboxMail.waiter.in_(keys), young)


def of_last(
    work: Work,
    purpose: str,
    owner: str,
    mailed_at: datetime | None,
    or_of: ColumnElement[bool] | None = None,
) -> Fate | None:
    """What became of the youngest mail so marked, `mailed_at` at the earliest, or of one for which
    `or_of` holds; None while it is on its way, or where nothing is known."""
    if mailed_at is None or mailed_at > work.now - YOUNG:
        return None
    keys = [mac.hex() for mac in work.world.seals.macs("mail_waited_for", purpose, owner)]
    mine = or_(OutboxMail.waiter.in_(keys), false() if or_of is None else or_of)
    since = OutboxMail.created_at >= mailed_at
    youngest = OutboxMail.created_at.desc()
    state = select(STATE).select_from(OutboxMail).where(mine, since).order_by(youngest).limit(1)
    return _TOLD.get(work.db.execute(state).scalar() or "")
