"""Closing a space: the present password, then a mailed code, and seven days to change one's mind
before the erasure (erasure.py).

In a space of several it is the closing of the member shown: they leave it after the seven days, and
nothing of the others ends.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypedDict

from sqlalchemy import Exists, and_, case, exists, select, update

from webapp.models import Account, Device, StoredSession
from webapp.rules import lifetimes, limits
from webapp.rules.ranks import SIGNED_IN, Member
from webapp.rules.refusals import Refusal
from webapp.services.account import closing_of_one
from webapp.services.kernel import (
    journal,
    mailed_codes,
    new_beginning,
    other_sessions,
    sessions,
    throttle,
)
from webapp.services.kernel.work import Work
from webapp.services.mail import claims, fates, notices, outbox
from webapp.services.mail.fates import Fate
from webapp.services.sign_in import reauthentication

_PURPOSE = "closing"


def due_at(work: Work, session: Member) -> datetime | None:
    """When the space will be erased, or the member shown leaves it; None when nobody asked."""
    if session.persons:
        return closing_of_one.due_at(work, session)
    return work.db.execute(
        select(Account.closing_at).where(Account.id == session.account_id)
    ).scalar()


def ask(work: Work, session: Member, *, password: str) -> Member:
    """The present password is right: mail a code; returns the session as it now is.

    Within a minute of the last code no other leaves. Raises what `reauthentication.check` raises,
    closing_already, resend_closed.
    """
    reauthentication.check(work, session, password=password)
    work.settle()  # a right password stays right, whatever the limit below says
    code, piece = mailed_codes.new(work, _PURPOSE, _whose(session), lifetimes.SECURITY_CODE)
    mine = StoredSession
    recent = and_(mine.codes != "", mine.code_sent_at > work.now - limits.RESEND_PAUSE)
    if session.persons:  # the last code may be another's, of the same session
        recent = and_(recent, fates.is_waited_for(work, _PURPOSE, _whose(session)))
    renewed = work.db.execute(
        update(mine)
        .where(mine.id == session.id, mine.rank.in_(SIGNED_IN), _stays_open(session))
        .values(
            codes=case((recent, mine.codes), else_=mine.codes + piece),
            code_sent_at=case((recent, mine.code_sent_at), else_=work.now),
            tries_left=case((recent, mine.tries_left), else_=limits.CODE_TRIES),
        )
        .returning(mine.codes)
    ).scalar()
    if renewed is None:
        raise Refusal("closing_already")
    if piece in renewed:
        _mail(work, session, code)
        journal.write(work, "account.closing_asked", **_own(session))
    return replace(session, codes=renewed)


def resend(work: Work, session: Member) -> None:
    """Mail one more code; those under way live on.

    Raises Refusal: resend_soon, resend_closed, closing_over.
    """
    code, piece = mailed_codes.new(work, _PURPOSE, _whose(session), lifetimes.SECURITY_CODE)
    added = work.db.execute(
        update(StoredSession)
        .where(StoredSession.id == session.id, StoredSession.tries_left > 0)
        .where(StoredSession.rank.in_(SIGNED_IN), _stays_open(session))
        .where(StoredSession.code_sent_at <= work.now - limits.RESEND_PAUSE)
        .values(codes=StoredSession.codes + piece, code_sent_at=work.now)
    )
    if added.rowcount != 1:
        left = mailed_codes.pause_left(work, session.codes)
        if not session.codes or left <= timedelta(0):
            raise Refusal("closing_over")
        raise Refusal("resend_soon", wait=max(left, timedelta(seconds=1)))
    _mail(work, session, code)


def fate(work: Work, session: Member) -> Fate | None:
    """What became of the last code's mail."""
    ends_at = ends(session)
    mailed_at = ends_at and ends_at - lifetimes.SECURITY_CODE
    return fates.of_last(work, _PURPOSE, _whose(session), mailed_at)


def ends(session: Member) -> datetime | None:
    """Until when the youngest code lives, None when none was asked for."""
    return mailed_codes.last_expiry(session.codes)


def confirm(work: Work, session: Member, *, code: str) -> None:
    """The code typed: the space closes in seven days; every other session and device ends.

    Five tries a request. Raises Refusal: code_wrong, code_expired, closing_spent, closing_over,
    closing_already.
    """
    last = mailed_codes.last_expiry(session.codes)
    if last is not None and last <= work.now:
        raise Refusal("code_expired", "security_code")
    spent = sessions.spend_try(work, session, SIGNED_IN)
    if spent is None:
        raise Refusal("closing_over")
    work.settle()
    answer = mailed_codes.verdict(work, _PURPOSE, _whose(session), code, spent.codes)
    if answer != "right":
        raise _wrong(work, session, spent.tries_left, answer)
    closing_at = work.now + lifetimes.CLOSING
    if session.persons:
        to = session.email if closing_of_one.change(work, session, closing_at) else None
    else:
        to = _close_all(work, session, closing_at)
    if to is None:
        raise Refusal("closing_already")
    notices.tell(
        work,
        "closing",
        to=to,
        roll_id=session.person_id,
        good_for=lifetimes.CLOSING,
        closing_at=closing_at,
        person=session.for_whom,
    )
    journal.write(work, "account.closing", **_own(session))


def _close_all(work: Work, session: Member, closing_at: datetime) -> str | None:
    """The space of one member; returns its address, None when it closes already."""
    account = work.db.execute(
        update(Account)
        .where(new_beginning.still(session), closing_of_one.first(session))
        .where(Account.closing_at.is_(None))
        .values(closing_at=closing_at, **new_beginning.counted())
        .returning(Account.email, Account.epoch, new_beginning.any_uncounted(session.account_id))
    ).first()
    if account is None:
        return None
    account_id = session.account_id
    new_beginning.sweep(work, account_id, Device)
    if account.uncounted:
        new_beginning.sweep_begun(work, account_id)
    other_sessions.end_others(work, session, account.epoch)
    return str(account.email)


def cancel(work: Work, session: Member) -> bool:
    """« Garder mon espace »: cancel the closing and void its codes. False without one."""
    if session.persons:
        email = session.email if closing_of_one.change(work, session, None) else None
    else:
        email = _keep_all(work, session)
    if email is None:
        return False
    work.db.execute(
        update(StoredSession)
        .where(StoredSession.account_id == session.account_id, StoredSession.rank.in_(SIGNED_IN))
        .values(codes="", tries_left=0, code_sent_at=None)
    )
    whose = session.person_id
    notices.tell(work, "closing_kept", to=email, roll_id=whose, person=session.for_whom)
    journal.write(work, "account.kept", **_own(session))
    return True


def _keep_all(work: Work, session: Member) -> str | None:
    email: str | None = work.db.execute(
        update(Account)
        .where(new_beginning.still(session), Account.closing_at.is_not(None))
        .values(closing_at=None)
        .returning(Account.email)
    ).scalar()
    return email


def _stays_open(session: Member) -> Exists:
    open_ = closing_of_one.stays(session) if session.persons else Account.closing_at.is_(None)
    return exists().where(new_beginning.still(session), open_)


def _whose(session: Member) -> str:
    """Whose code it is: one person's of several opens nothing of another's."""
    return f"{session.id} {session.roll_id}" if session.persons else str(session.id)


class _Own(TypedDict):
    account_id: int
    roll_id: int | None


def _own(session: Member) -> _Own:
    return {"account_id": session.account_id, "roll_id": session.person_id}


def _wrong(work: Work, session: Member, left: int, answer: str) -> Refusal:
    journal.write(work, "account.closing_code_refused", **_own(session), left=left)
    if left == 0:
        return Refusal("closing_spent")
    key = "code_expired" if answer == "expired" else "code_wrong"
    return Refusal(key, "security_code")


def _mail(work: Work, session: Member, code: str) -> None:
    """Mail the code, at most five an hour. Raises Refusal("resend_closed"), after a rollback."""
    throttle.spend_or_undo(work, limits.CLOSING_CODE, str(session.account_id), "resend_closed")
    outbox.post(
        work,
        "closing_code",
        to=session.email,
        roll_id=session.person_id,
        best_before=work.now + lifetimes.SECURITY_CODE,
        priority=claims.FIRST,
        waiter=fates.waiter(work, _PURPOSE, _whose(session)),
        code=code,
        life=lifetimes.SECURITY_CODE,
        person=session.for_whom,
    )
