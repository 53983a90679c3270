"""Another address for an account: asked for with the present password, mailed again, given up.

services/account/address_confirmation.py confirms it from the new mailbox, and
services/account/address_undo.py takes it back from the former one.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, select, text, update
from sqlalchemy.orm import aliased

from webapp.models import Account, AddressChange, OutboxMail
from webapp.rules import credentials, lifetimes, limits
from webapp.rules.ranks import Member
from webapp.rules.refusals import Refusal
from webapp.services.kernel import journal, mailed_codes, membership, new_beginning, throttle
from webapp.services.kernel.work import Work
from webapp.services.mail import fates, notices, outbox
from webapp.services.mail.fates import Fate
from webapp.services.mail.outbox import MailRow
from webapp.services.sign_in import reauthentication

_WAITS = "address_change"  # whose mail is waited for, by the account


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
    mail = _drafted(work, session, change_id, email, taken=account.taken, code=code)
    outbox.post_sealed(work, mail, _warning(work, session, email))
    taken = account.taken is not None
    journal.write(work, "address.asked", account_id=session.account_id, address_taken=taken)
    return Waiting(email, now, expires)


def waiting(work: Work, session: Member) -> Waiting | None:
    """The change that waits for this member's confirmation, if any."""
    row = work.db.execute(
        select(AddressChange.email, AddressChange.mailed_at, AddressChange.expires_at).where(
            AddressChange.account_id == session.account_id, *live(work)
        )
    ).first()
    return Waiting(*row) if row else None


def fate(work: Work, session: Member, change: Waiting) -> Fate | None:
    """What became of the last mail to the new address; or to the owner of an account that has it
    already, so that the screen says the same of both."""
    owners = and_(OutboxMail.name == "address_in_use", notices.sent_to(work, change.email))
    return fates.of_last(work, _WAITS, str(session.account_id), change.mailed_at, owners)


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
        .where(own, *live(work), AddressChange.mailed_at <= work.now - limits.RESEND_PAUSE)
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
    owner = work.db.execute(taken).scalar()
    mail = _drafted(work, session, change.id, change.email, taken=owner, code=code)
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


def live(work: Work) -> tuple[ColumnElement[bool], ...]:
    """What holds of a change that waits and can still be confirmed."""
    return (
        AddressChange.state == "waiting",
        AddressChange.expires_at > work.now,
        new_beginning.is_current(AddressChange),
        membership.goes_on_of(AddressChange),
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


def _drafted(
    work: Work, session: Member, change_id: str, email: str, *, taken: str | None, code: str
) -> MailRow:
    """To the new address, or to the owner of an account that has it already."""
    if taken is not None:
        return notices.draft(work, "address_in_use", to=taken)
    row = outbox.sealed(
        work,
        "address_change",
        to=email,
        best_before=work.now + lifetimes.ADDRESS_CHANGE,
        code=code,
        life=lifetimes.ADDRESS_CHANGE,
        token=work.world.seals.seal_link("address_change", change_id),
    )
    row["waiter"] = fates.waiter(work, _WAITS, str(session.account_id))
    return row


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
