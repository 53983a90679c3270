"""Another address for an account: asked for with the present password, confirmed from the new
mailbox by link or code, told to the former one (services/account/address_undo.py takes it back)."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, delete, select, text, true, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from webapp.models import Account, AddressChange, Device, StoredSession
from webapp.rules import credentials, lifetimes, limits
from webapp.rules.ranks import Member, Session
from webapp.rules.refusals import Refusal
from webapp.services.kernel import journal, mailed_codes, new_beginning, other_sessions, throttle
from webapp.services.kernel.work import Work
from webapp.services.mail import notices, outbox
from webapp.services.mail.outbox import MailRow
from webapp.services.sign_in import reauthentication


@dataclass(frozen=True)
class Waiting:
    """A change that waits for its confirmation."""

    email: str
    mailed_at: datetime
    expires_at: datetime


def ask(work: Work, session: Member, *, email: str, password: str) -> Waiting:
    """Mail a link and a code to the new address, and tell the present one; a change that waited is
    replaced.

    When the address has an account already, its owner is told instead, and the answer is the same.
    Raises Refusal: present_email, mail_closed, and what services/sign_in/reauthentication.py
    raises.
    """
    key = credentials.email_key(email)
    if key == credentials.email_key(session.email):
        raise Refusal("present_email", "email")
    other = aliased(Account)
    account = work.db.execute(
        select(
            Account.password_hash,
            Account.email_key,
            select(other.email).where(other.email_key == key).scalar_subquery().label("taken"),
        ).where(Account.id == session.account_id)
    ).one()
    reauthentication.check(work, session, password=password, stored=account.password_hash)
    throttle.spend(work, limits.ADDRESS_MAIL, str(session.account_id), "mail_closed")
    code, piece = mailed_codes.new(
        work, "address_code", str(session.account_id), lifetimes.ADDRESS_CHANGE
    )
    change_id, now, expires = (
        work.world.chance.row_id(),
        work.now,
        work.now + lifetimes.ADDRESS_CHANGE,
    )
    values: dict[str, object] = {
        "id": change_id,
        "email": email,
        "email_key": key,
        "former_email": session.email,
        "former_key": account.email_key,
        "codes": piece,
        "epoch": session.epoch,
        "created_at": now,
        "mailed_at": now,
        "expires_at": expires,
    }
    _put_in_waiting(work, session, values)
    mail = _drafted(work, change_id, email, account.taken, code)
    outbox.post_sealed(work, mail, _warning(work, session, email))
    taken = account.taken is not None
    journal.write(work, "address.asked", account_id=session.account_id, address_taken=taken)
    return Waiting(email, now, expires)


def waiting(work: Work, session: Member) -> Waiting | None:
    """The change that waits for this member's confirmation, if any."""
    row = work.db.execute(
        select(AddressChange.email, AddressChange.mailed_at, AddressChange.expires_at).where(
            AddressChange.account_id == session.account_id, *_live(work)
        )
    ).first()
    return Waiting(*row) if row else None


def resend(work: Work, session: Member) -> None:
    """Mail another link and code; each is good for 24 hours from its own mail. None leaves later
    than 24 hours after the change was asked for: nothing is prolonged without the password.

    Raises Refusal: address_over, address_old, resend_soon, resend_closed.
    """
    code, piece = mailed_codes.new(
        work, "address_code", str(session.account_id), lifetimes.ADDRESS_CHANGE
    )
    own = AddressChange.account_id == session.account_id
    change = work.db.execute(
        update(AddressChange)
        .where(own, *_live(work), AddressChange.mailed_at <= work.now - limits.RESEND_PAUSE)
        .where(AddressChange.created_at > work.now - lifetimes.ADDRESS_CHANGE)
        .values(
            codes=AddressChange.codes + piece,
            mailed_at=work.now,
            expires_at=work.now + lifetimes.ADDRESS_CHANGE,
        )
        .returning(AddressChange.id, AddressChange.email, AddressChange.email_key)
    ).first()
    if change is None:
        raise _why_not_again(work, session)
    throttle.spend_or_undo(work, limits.ADDRESS_MAIL, str(session.account_id), "resend_closed")
    taken = select(Account.email).where(Account.email_key == change.email_key)
    mail = _drafted(work, change.id, change.email, work.db.execute(taken).scalar(), code)
    outbox.post_sealed(work, mail)
    journal.write(work, "address.mail_resent", account_id=session.account_id)


def cancel(work: Work, session: Member) -> bool:
    """Give the change up: its link and codes are dead. False when none waits (any more)."""
    if not forget_waiting(work, session.account_id):
        return False
    journal.write(work, "address.cancelled", account_id=session.account_id)
    return True


def forget_waiting(work: Work, account_id: int | None) -> bool:
    """Delete the change that waits; returns whether there was one."""
    own = delete(AddressChange).where(AddressChange.account_id == account_id)
    return work.db.execute(own.where(AddressChange.state == "waiting")).rowcount == 1


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
    ready = and_(*_live(work)).label("ready")
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
        .where(*conditions, *_live(work))
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
        work.db.rollback()
        journal.write(work, "address.conflict", account_id=change.account_id)
        raise Refusal("email_taken") from None
    if begun is None:
        work.db.rollback()
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


def _live(work: Work) -> tuple[ColumnElement[bool], ...]:
    return (
        AddressChange.state == "waiting",
        AddressChange.expires_at > work.now,
        new_beginning.is_current(AddressChange),
    )


def _put_in_waiting(work: Work, session: Member, values: dict[str, object]) -> None:
    """Insert the change, or replace the one that waits: with its id its link is dead."""
    work.db.execute(
        work.insert(AddressChange)
        .values(account_id=session.account_id, state="waiting", **values)
        .on_conflict_do_update(
            index_elements=["account_id"], index_where=text("state = 'waiting'"), set_=values
        )
    )


def _drafted(work: Work, change_id: str, email: str, taken: str | None, code: str) -> MailRow:
    """To the new address, or to the owner of an account that has it already."""
    if taken is not None:
        return notices.draft(work, "address_in_use", to=taken)
    return outbox.sealed(
        work,
        "address_change",
        to=email,
        best_before=work.now + lifetimes.ADDRESS_CHANGE,
        code=code,
        life=lifetimes.ADDRESS_CHANGE,
        token=work.world.seals.seal_link("address_change", change_id),
    )


def _warning(work: Work, session: Member, email: str) -> MailRow:
    """To the present address, the same whether the new one is taken. It is not urgent: whoever asks
    again and again would take the places of the mail that undoes the change."""
    return notices.draft(
        work,
        "address_asked",
        to=session.email,
        good_for=lifetimes.ADDRESS_CHANGE,
        masked=credentials.masked_email(email),
        life=lifetimes.ADDRESS_CHANGE,
    )


def _why_not_again(work: Work, session: Member) -> Refusal:
    present = waiting(work, session)
    if present is None:
        return Refusal("address_over")
    if present.mailed_at <= work.now - limits.RESEND_PAUSE:
        return Refusal("address_old")
    return Refusal("resend_soon", wait=present.mailed_at + limits.RESEND_PAUSE - work.now)


def _why_wrong(work: Work, session: Member) -> Refusal:
    if waiting(work, session) is None:
        return Refusal("address_over")
    journal.write(work, "address.code_refused", account_id=session.account_id)
    return Refusal("address_code_wrong", "address_code")
