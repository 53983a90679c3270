"""The second step of a sign-in, whatever it is: tries spent first, a rank that changes once."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, update

from webapp.models import StoredSession
from webapp.rules import limits
from webapp.rules.ranks import Rank
from webapp.rules.refusals import Refusal
from webapp.services import devices, journal, sessions, throttle
from webapp.services.sessions import SessionFacts
from webapp.services.work import AnyRow, Work


@dataclass(frozen=True)
class Entered:
    """Where an accepted step leads: the new session's rank and id, a new device's secret.

    `session` is the session as it now is, where that is known without asking the database again.
    """

    rank: Rank
    token: str
    device_secret: str | None = None
    session: SessionFacts | None = field(default=None, compare=False)


def spend_try(
    work: Work, session: SessionFacts, field_name: str, *more: ColumnElement[Any]
) -> AnyRow:
    """Spend a try of this sign-in and of its account, before anything is compared; settles.

    Five a sign-in, whatever the kind of code. Returns the session's `codes` and `tries_left`, and
    what the caller asks `more`.
    Raises Refusal: code_over, code_closed.
    """
    row = work.db.execute(
        update(StoredSession)
        .where(StoredSession.id == session.id, StoredSession.rank == Rank.CODE)
        .where(StoredSession.tries_left > 0)
        .values(tries_left=StoredSession.tries_left - 1)
        .returning(StoredSession.codes, StoredSession.tries_left, *more)
    ).first()
    if row is None:
        raise Refusal("code_over")
    subject = str(session.account_id)
    throttle.spend(work, limits.CODE_ACCOUNT, subject, "code_closed", field=field_name)
    work.settle()
    return row


def wrong(work: Work, session: SessionFacts, left: int, refusal: Refusal) -> Refusal:
    """Write down a wrong code; at the fifth the sign-in starts again at the password.

    Returns `refusal`, or code_spent, or origin_closed: the caller raises it.
    """
    journal.write(work, "sign_in.code_refused", account_id=session.account_id, left=left)
    if left == 0:
        sessions.end(work, session, only_at=Rank.CODE)  # the right code may have been faster
        journal.write(work, "sign_in.code_locked", account_id=session.account_id)
        refusal = Refusal("code_spent")
    try:
        throttle.count_failure(work)
    except Refusal as closed:
        return closed
    return refusal


def passed(
    work: Work, session: SessionFacts, *, by: str, agent: str, remember: bool = True
) -> Entered:
    """The code was right: change the session's rank in one statement, the device remembered with
    it when that was wished (and with `remember`). Of fifty at once, one comes through; the
    others: Refusal("code_over").
    """
    token = work.world.chance.token()
    device_id, secret = None, None
    if remember and session.remember and session.account_id:
        device_id, secret = devices.remember(work, session.account_id, agent)
    entered = _consume(work, session, token, agent, device_id)
    if entered is None:
        work.db.rollback()  # the device with it
        raise Refusal("code_over")
    throttle.refund(work, limits.CODE_ACCOUNT, str(session.account_id))
    _done(work, session.account_id, by, agent, remembered=bool(device_id))
    return Entered(entered.rank, token, secret, entered)


def straight(
    work: Work,
    account: AnyRow,
    previous: SessionFacts | None,
    *,
    by: str,
    agent: str,
    device_id: int | None = None,
) -> Entered:
    """No code is needed. `account` has account_id, email and terms_version."""
    token, session = sessions.mint(
        work,
        sessions.entry_rank(work, account.terms_version),
        previous,
        email=account.email,
        terms_version=account.terms_version,
        account_id=account.account_id,
        device_id=device_id,
        agent=agent,
        proved_at=work.now,
    )
    _done(work, account.account_id, by, agent, remembered=device_id is not None)
    return Entered(session.rank, token, session=session)


def _done(work: Work, account_id: int | None, by: str, agent: str, *, remembered: bool) -> None:
    journal.write(
        work, "sign_in.done", account_id=account_id, by=by, agent=agent, remembered=remembered
    )


def _consume(
    work: Work, session: SessionFacts, token: str, agent: str, device_id: int | None
) -> SessionFacts | None:
    values = sessions.fresh(
        work,
        sessions.entry_rank(work, session.terms_version),
        token,
        account_id=session.account_id,
        device_id=device_id,
        agent=agent,
        proved_at=session.proved_at,
    )
    consumed = work.db.execute(
        update(StoredSession)
        .where(StoredSession.id == session.id, StoredSession.rank == Rank.CODE)
        .values(values)
        .returning(*sessions.FIELDS)
    ).first()
    return sessions.facts(consumed, session.email, session.terms_version) if consumed else None
