"""Taking a change of address back, from the former mailbox: whoever made it is shut out."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import literal, select, update
from sqlalchemy.exc import IntegrityError

from webapp.models import Account, AddressChange
from webapp.models.base import Moment
from webapp.rules.refusals import Refusal
from webapp.services.account import take_back
from webapp.services.kernel import journal, membership
from webapp.services.kernel.work import Work


def link_state(work: Work, token: str) -> str:
    """What a link is worth, changing nothing: ready, done, late, held (the space is
    suspended), or unknown (not ours)."""
    opened = work.world.seals.open_link("address_undo", token)
    if opened is None:
        return "unknown"
    row = work.db.execute(
        select(
            AddressChange.state,
            AddressChange.expires_at,
            membership.is_open(AddressChange).label("open"),
        ).where(AddressChange.id == opened[0])
    ).first()
    if row is not None and row.state == "undone":
        return "done"
    ready = row is not None and row.state == "done" and row.expires_at > work.now
    if row is None or not ready:
        return "late"
    return "ready" if row.open else "held"


def undo(work: Work, token: str) -> str:
    """Restore the former address, shut everybody out and mail it a link to a new password; returns
    the link's state afterwards. Raises Refusal("former_taken") when it has another account now."""
    opened = work.world.seals.open_link("address_undo", token)
    change = _take_back(work, opened[0]) if opened else None
    if change is None:
        return link_state(work, token)
    try:
        taken = take_back.take_back(
            work,
            change.account_id,
            since=literal(change.created_at, Moment),
            provided=Account.suspended_at.is_(None),
            email=change.former_email,
            email_key=change.former_key,
        )
    except IntegrityError:
        work.undo()
        journal.write(work, "address.conflict", account_id=change.account_id)
        raise Refusal("former_taken") from None
    if taken is None:
        work.undo()  # it has just been suspended
        return link_state(work, token)
    journal.write(work, "address.undone", account_id=change.account_id)
    return "done"


class _Change(NamedTuple):
    id: str
    account_id: int
    created_at: datetime
    former_email: str
    former_key: str


def _take_back(work: Work, change_id: str) -> _Change | None:
    """Mark the change as undone, and with it all that were asked for after it: else a stranger who
    changed the address twice could restore the first of theirs. Only one caller gets the row."""
    own = select(AddressChange.account_id, AddressChange.created_at).where(
        AddressChange.id == change_id,
        AddressChange.state == "done",
        AddressChange.expires_at > work.now,
        membership.is_open(AddressChange),
    )
    named = own.subquery()
    rows = work.db.execute(
        update(AddressChange)
        .where(
            AddressChange.account_id == select(named.c.account_id).scalar_subquery(),
            AddressChange.created_at >= select(named.c.created_at).scalar_subquery(),
            AddressChange.state.in_(["waiting", "done"]),
        )
        .values(state="undone", codes="")
        .returning(
            AddressChange.id,
            AddressChange.account_id,
            AddressChange.created_at,
            AddressChange.former_email,
            AddressChange.former_key,
        )
    ).all()
    return next((change for row in rows if (change := _Change(*row)).id == change_id), None)
