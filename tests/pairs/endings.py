"""Every new beginning, in its owner's hands: what it needs is there, the act itself is returned."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import insert, select

from player.world import NEW_PASSWORD, PASSWORD
from tests.pairs.members import (
    Member,
    at_closing,
    change_of_address,
    hash_of,
    link_to_password,
    session_of,
)
from webapp.models import JournalEntry, Takeover
from webapp.services.account import (
    address_confirmation,
    address_undo,
    closing,
    password,
    recovery_link,
    sign_out_everywhere,
)
from webapp.services.kernel import journal
from webapp.services.kernel.work import Work
from webapp.services.space import history, security
from webapp.services.takeover import effect

Act = Callable[[Work], object]
Ending = Callable[[Work, Member], Act]


def password_changed(work: Work, member: Member) -> Act:
    """In the space, with the present one."""
    _, session = session_of(work, member)
    return lambda own: password.change(own, session, present=PASSWORD, password=NEW_PASSWORD)


def password_recovered(work: Work, member: Member) -> Act:
    """With a mailed link."""
    token = link_to_password(work, member)
    return lambda own: recovery_link.choose(own, token, password=NEW_PASSWORD)


def shut_by_the_mutual(_work: Work, member: Member) -> Act:
    """flask members sign-out"""
    return lambda own: sign_out_everywhere.shut(own, [member.number])


def left_everywhere(work: Work, member: Member) -> Act:
    """« Me déconnecter partout »"""
    _, session = session_of(work, member)
    return lambda own: security.leave_everywhere(own, session)


def others_closed(work: Work, member: Member) -> Act:
    """« Fermer toutes les autres »"""
    _, session = session_of(work, member)
    return lambda own: security.end_other_sessions(own, session)


def disputed(work: Work, member: Member) -> Act:
    """« Ce n’était pas moi »"""
    _, session = session_of(work, member)
    facts = {"by": "code", "agent": "Firefox, Linux", "remembered": False}
    journal.write(work, "sign_in.done", account_id=member.account_id, **facts)
    mine = select(JournalEntry.id).where(JournalEntry.account_id == member.account_id)
    entry_id = work.db.execute(mine).scalars().all()[-1]
    return lambda own: history.dispute(own, session, entry_id) or None


def address_undone(work: Work, member: Member) -> Act:
    """From the former mailbox, the button that the change was told with."""
    former = f"avant-{member.email}"
    change, _ = change_of_address(work, member, "done", former=former, new=member.email)
    token = work.world.seals.seal_link("address_undo", change)
    return lambda own: address_undo.undo(own, token)


def letter_took_effect(work: Work, member: Member) -> Act:
    """The day of a newer letter's access is over."""
    takeover_id, hashed = work.world.chance.row_id(), hash_of(work.world.hasher, NEW_PASSWORD)
    work.db.execute(
        insert(Takeover).values(
            id=takeover_id,
            account_id=member.account_id,
            state="waiting",
            email=member.new_email,
            email_key=member.new_email,
            password_hash=hashed,
            terms_version=work.world.terms.version,
            terms_hash=work.world.terms.text_hash,
            terms_at=work.now,
            terms_origin="203.0.113.9",
            created_at=work.now - timedelta(days=1),
            effective_at=work.now,
        )
    )
    return lambda own: effect._apply(own, takeover_id)


def closing_confirmed(work: Work, member: Member) -> Act:
    """With the mailed code."""
    session, code = at_closing(work, member)
    return lambda own: closing.confirm(own, session, code=code)


def address_changed(work: Work, member: Member) -> Act:
    """With the code from the new mailbox."""
    _, session = session_of(work, member)
    new = member.new_email
    _, code = change_of_address(work, member, "waiting", former=member.email, new=new)
    return lambda own: address_confirmation.by_code(own, session, code=code)


ENDINGS: tuple[Ending, ...] = (
    password_changed,
    password_recovered,
    shut_by_the_mutual,
    left_everywhere,
    others_closed,
    disputed,
    address_undone,
    letter_took_effect,
    closing_confirmed,
    address_changed,
)
