"""Proof that the member is still the one who signed in: the present password (or a passkey),
given within the last ten minutes, before what is sensitive."""

from sqlalchemy import select, update

from webapp.models import Account, StoredSession
from webapp.rules import lifetimes, limits
from webapp.rules.refusals import Refusal
from webapp.services import journal, throttle
from webapp.services.sessions import SessionFacts
from webapp.services.work import Work


def is_young(work: Work, session: SessionFacts) -> bool:
    """Whether the last proof still counts."""
    return session.proved_at is not None and work.now < session.proved_at + lifetimes.PROOF


def check(work: Work, session: SessionFacts, *, password: str) -> str:
    """Compare the present password, limited in tries; returns its stored hash. Settles.

    The caller that changes something makes it conditional on that hash: what another tab did
    meanwhile wins. Raises Refusal: present_wrong, present_closed, origin_closed.
    """
    subject = str(session.account_id)
    throttle.spend(
        work, limits.PRESENT_PASSWORD, subject, "present_closed", field="present_password"
    )
    stored = work.db.execute(
        select(Account.password_hash).where(Account.id == session.account_id)
    ).scalar()
    work.settle()
    if not work.world.hasher.verify(stored or None, password):
        raise _wrong(work, session)
    throttle.refund(work, limits.PRESENT_PASSWORD, subject)
    return str(stored)


def give(work: Work, session: SessionFacts, *, password: str) -> None:
    """The present password was asked and typed. Raises what `check` raises."""
    check(work, session, password=password)
    record(work, session, by="password")


def record(work: Work, session: SessionFacts, *, by: str) -> None:
    """Write that this session's member proved themselves now; `by`: password or passkey."""
    work.db.execute(
        update(StoredSession).where(StoredSession.id == session.id).values(proved_at=work.now)
    )
    journal.write(work, "proof.given", account_id=session.account_id, by=by)


def _wrong(work: Work, session: SessionFacts) -> Refusal:
    journal.write(work, "proof.refused", account_id=session.account_id)
    try:
        throttle.count_failure(work)
    except Refusal as closed:
        return closed
    return Refusal("present_wrong", "present_password")
