"""The last mails to one member: which, when, and what became of each. Never what they say.

Those of the space are found by its address. A registration's is found by its row: its address is
not proved yet, and may be somebody else's.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select

from webapp.models import Account, AddressChange, OutboxMail, Registration
from webapp.rules import mails
from webapp.services.kernel.work import Work
from webapp.services.mail import notices, outbox

MOST = 10


@dataclass(frozen=True)
class SentMail:
    """A mail by its title. `state`: ready, claimed, sent, failed, expired; `error`: the relay's
    codes; `outcome` (failed, delayed, delivered) with its status: what a delivery report said."""

    title: str
    created_at: datetime
    state: str
    not_before: datetime
    ended_at: datetime | None
    error: str
    outcome: str | None
    outcome_status: str | None


def last(work: Work, roll_id: int, account_id: int | None) -> tuple[SentMail, ...]:
    """The newest first."""
    of_registration = select(Registration.letter_id).where(
        Registration.roll_id == roll_id, Registration.letter_id.is_not(None)
    )
    mine: list[ColumnElement[bool]] = [OutboxMail.id.in_(work.db.scalars(of_registration).all())]
    if account_id is not None:
        mine += _of_space(work, account_id)
    rows = work.db.execute(
        select(OutboxMail)
        .where(or_(*mine))
        .order_by(OutboxMail.created_at.desc(), OutboxMail.id)
        .limit(MOST)
    )
    return tuple(
        SentMail(
            mails.title(row.name), row.created_at, row.state, row.not_before, row.ended_at,
            row.last_error, row.outcome, row.outcome_status,
        )
        for row in rows
    )  # fmt: skip


def _of_space(work: Work, account_id: int) -> list[ColumnElement[bool]]:
    own = select(Account.email).where(Account.id == account_id)
    address = work.db.scalars(own).one()
    asked = work.db.execute(
        select(AddressChange.email, AddressChange.created_at).where(
            AddressChange.account_id == account_id, AddressChange.state == "waiting"
        )
    ).all()
    return [
        notices.sent_to(work, address),
        outbox.sent_to(work, address),
        *(
            and_(
                outbox.sent_to(work, row.email),
                OutboxMail.name == "address_change",
                OutboxMail.created_at >= row.created_at,
            )
            for row in asked
        ),
    ]
