"""A change of address is confirmed from the new mailbox, by link or code, and told to both."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, select, true, update
from sqlalchemy.exc import IntegrityError

from webapp.models import Account, AddressChange, Device, StoredSession
from webapp.rules import credentials, lifetimes, limits
from webapp.rules.ranks import Member, Session
from webapp.rules.refusals import Refusal
from webapp.services.account import address
from webapp.services.kernel import journal, mailed_codes, new_beginning, other_sessions, throttle
from webapp.services.kernel.work import Work
from webapp.services.mail import notices, outbox


def by_code(work: Work, session: Member, *, code: str) -> None:
    """Confirm by the 6 digits, five tries an hour.

    Raises Refusal: address_code_wrong, address_code_closed, address_over, email_taken.
    """
    subject = str(session.account_id)
    throttle.spend(work, limits.ADDRESS_CODE, subject, "address_code_closed", field="address_code")
    work.settle()
    held = mailed_codes.held(work, AddressChange.codes, "address_code", subject, code)
    change = _take(work, AddressChange.account_id == session.account_id, held)
    if change is None:
        raise _why_wrong(work, session)
    _apply(work, change, session, by="code")


def link_state(work: Work, token: str) -> str:
    """What a link is worth, changing nothing: ready, done, over, or unknown (not ours)."""
    opened = work.world.seals.open_link("address_change", token)
    if opened is None:
        return "unknown"
    ready = and_(*address.live(work)).label("ready")
    row = work.db.execute(
        select(AddressChange.state, ready).where(AddressChange.id == opened[0])
    ).first()
    if row is None or row.state == "undone":
        return "over"
    if row.state == "done":
        return "done"
    return "ready" if row.ready and _is_young(work, opened) else "over"


def by_link(work: Work, token: str, session: Session | None) -> str:
    """Confirm by link, in any browser; returns the link's state afterwards. It signs nobody in;
    a session that this browser has in the account stays. Raises Refusal("email_taken")."""
    opened = work.world.seals.open_link("address_change", token)
    young = opened is not None and _is_young(work, opened)
    change = _take(work, AddressChange.id == opened[0]) if opened and young else None
    if change is None:
        return link_state(work, token)
    _apply(work, change, session, by="link")
    return "done"


def _is_young(work: Work, opened: tuple[str, datetime]) -> bool:
    """Whether a link is within its own 24 hours, whatever was mailed after it."""
    return work.now < opened[1] + lifetimes.ADDRESS_CHANGE


class _Change(NamedTuple):
    id: str
    account_id: int
    email: str
    email_key: str
    former_email: str
    former_key: str
    epoch: int | None


def _take(work: Work, *conditions: ColumnElement[bool]) -> _Change | None:
    """Confirm the change; returns its row to one caller only, None to any other."""
    row = work.db.execute(
        update(AddressChange)
        .where(*conditions, *address.live(work))
        .values(
            state="done",
            codes="",
            confirmed_at=work.now,
            expires_at=work.now + lifetimes.ADDRESS_UNDO,
        )
        .returning(
            AddressChange.id,
            AddressChange.account_id,
            AddressChange.email,
            AddressChange.email_key,
            AddressChange.former_email,
            AddressChange.former_key,
            AddressChange.epoch,
        )
    ).first()
    return _Change(*row) if row else None


def _apply(work: Work, change: _Change, session: Session | None, *, by: str) -> None:
    """Write the new address on the account, end what knew the former one, tell both mailboxes."""
    try:
        begun = work.db.execute(
            update(Account)
            .where(Account.id == change.account_id, Account.email_key == change.former_key)
            # looked at again once the row is ours: what was begun before a new beginning is dead
            .where(true() if change.epoch is None else Account.epoch == change.epoch)
            .values(email=change.email, email_key=change.email_key, **new_beginning.counted())
            .returning(Account.epoch, new_beginning.any_uncounted(change.account_id))
        ).first()
    except IntegrityError:
        work.undo()
        journal.write(work, "address.conflict", account_id=change.account_id)
        raise Refusal("email_taken") from None
    if begun is None:
        work.undo()
        raise Refusal("address_over")
    new_beginning.sweep(work, change.account_id, Device)
    if begun.uncounted:
        new_beginning.sweep_begun(work, change.account_id)
    if isinstance(session, Member) and session.account_id == change.account_id:
        other_sessions.end_others(work, session, begun.epoch)
    else:
        new_beginning.sweep(work, change.account_id, StoredSession)
    _tell_both(work, change)
    journal.write(work, "address.changed", account_id=change.account_id, by=by)


def _tell_both(work: Work, change: _Change) -> None:
    former = notices.draft(
        work,
        "address_changed",
        to=change.former_email,
        good_for=lifetimes.ADDRESS_UNDO,
        masked=credentials.masked_email(change.email),
        life=lifetimes.ADDRESS_UNDO,
        token=work.world.seals.seal_link("address_undo", change.id),
    )
    outbox.post_sealed(work, former, notices.draft(work, "address_confirmed", to=change.email))


def _why_wrong(work: Work, session: Member) -> Refusal:
    if address.waiting(work, session) is None:
        return Refusal("address_over")
    journal.write(work, "address.code_refused", account_id=session.account_id)
    return Refusal("address_code_wrong", "address_code")
