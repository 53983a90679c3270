"""Re-authentication: before anything sensitive, the member gives their present password (or uses a
passkey), unless they did within the last ten minutes."""

from contextlib import AbstractContextManager

from sqlalchemy import select, update

from webapp.models import Account, StoredSession
from webapp.rules import lifetimes, limits
from webapp.rules.ranks import Member
from webapp.rules.refusals import Refusal
from webapp.services.kernel import journal, throttle
from webapp.services.kernel.work import Work


def is_young(work: Work, session: Member) -> bool:
    """Whether the last re-authentication is less than ten minutes old."""
    return session.proved_at is not None and work.now < session.proved_at + lifetimes.PROOF


def check(work: Work, session: Member, *, password: str, stored: str | None = None) -> str:
    """Compare the present password, within a limit of tries; returns its stored hash. Settles.

    `stored` is that hash, where the caller has just read it. A caller that changes something does
    so only while the account still has this hash, so that a change made in another tab is never
    overwritten. Raises Refusal: present_wrong, present_closed.
    """
    if stored is None:
        own = select(Account.password_hash).where(Account.id == session.account_id)
        stored = str(work.db.execute(own).scalar() or "")
    compare(work, session, password=password, stored=stored)
    throttle.refund(work, limits.PRESENT_PASSWORD, _subject(session, stored))
    return stored


def compare(work: Work, session: Member, *, password: str, stored: str) -> None:
    """The comparison of `check`, without its refund: a caller that replaces the password needs
    none, because tries are counted for one hash and forgotten with it. Settles."""
    throttle.spend(
        work,
        limits.PRESENT_PASSWORD,
        _subject(session, stored),
        "present_closed",
        field="present_password",
    )
    work.settle()
    with unless_busy(work, session, stored):
        right = work.world.hasher.verify(stored or None, password)
    if not right:
        raise _wrong(work, session)


def unless_busy(work: Work, session: Member, stored: str) -> AbstractContextManager[None]:
    """`throttle.unless_busy` for the try that `compare` spent."""
    return throttle.unless_busy(work, limits.PRESENT_PASSWORD, _subject(session, stored))


def _subject(session: Member, stored: str) -> str:
    return f"{session.account_id} {stored}"


def give(work: Work, session: Member, *, password: str) -> None:
    """Re-authenticate with the present password. Raises what `check` raises."""
    check(work, session, password=password)
    record(work, session, by="password")


def record(work: Work, session: Member, *, by: str) -> None:
    """Write that this session's member proved themselves now; `by`: password or passkey."""
    work.db.execute(
        update(StoredSession).where(StoredSession.id == session.id).values(proved_at=work.now)
    )
    journal.write(work, "proof.given", account_id=session.account_id, by=by)


def _wrong(work: Work, session: Member) -> Refusal:
    journal.write(work, "proof.refused", account_id=session.account_id)
    return Refusal("present_wrong", "present_password")
