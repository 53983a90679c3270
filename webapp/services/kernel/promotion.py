"""A member goes out of a space of several; where that was its first member, the one who joined it
longest ago becomes the first. Nobody is ever in two spaces, and no space is without a member."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, case, delete, select, update

from webapp.models import (
    Account,
    JoinedMember,
    JournalEntry,
    RollEntry,
    StoredSession,
    TermsAcceptance,
)
from webapp.rules.ranks import SIGNED_IN
from webapp.rules.retention import life
from webapp.rules.statuses import CLOSED_SPACE
from webapp.services.kernel import sessions
from webapp.services.kernel.work import Work


class _Space(NamedTuple):
    roll_id: int
    email: str
    closing_at: datetime | None


def let_go(work: Work, account_id: int, roll_id: int, *, closing: bool = False) -> str | None:
    """This member is not in this space any more; returns its address, None when they were not in
    it (any more) or nobody shares it with them. The account's row is locked first.

    `closing`: only where the closing that they asked for is due. What they signed and did is the
    caller's to `carry`; what their newer letter began is to be ended before (takeover, leaving).
    """
    space = _held(work, account_id)
    if space is None:
        return None
    if space.roll_id == roll_id:
        if closing and not _is_due(work, space.closing_at):
            return None
        _promote(work, account_id)
        return space.email
    gone = delete(JoinedMember).where(
        JoinedMember.account_id == account_id, JoinedMember.roll_id == roll_id
    )
    if closing:
        gone = gone.where(JoinedMember.closing_at <= work.now)
    if work.db.execute(gone).rowcount != 1:
        return None
    _one_less(work, account_id)
    return space.email


def carry(work: Work, roll_id: int, account_id: int, *, to: int | None = None) -> None:
    """What this member alone signed and did in a space goes with them: into the account `to`, or,
    without one, to their entry of the roll, the proofs for as long as after an erasure."""
    kept = None if to is not None else work.now + life("terms")
    mine = TermsAcceptance
    work.db.execute(
        update(mine)
        .where(mine.roll_id == roll_id, mine.account_id == account_id)
        .values(account_id=to, kept_until=kept)
    )
    work.db.execute(
        update(JournalEntry)
        .where(JournalEntry.roll_id == roll_id, JournalEntry.account_id == account_id)
        .values(account_id=to)
    )


def _held(work: Work, account_id: int) -> _Space | None:
    own = select(Account.roll_id, Account.email, Account.closing_at)
    shared = own.where(Account.id == account_id, Account.joined > 0).with_for_update()
    row = work.db.execute(shared).first()
    return _Space._make(row) if row else None


def _is_due(work: Work, closing_at: datetime | None) -> bool:
    return closing_at is not None and closing_at <= work.now


def _promote(work: Work, account_id: int) -> None:
    """The longest joined of those who are here; where nobody is, the longest joined of all. They
    stay at the terms that they have read, in the sessions that are open too."""
    away = case((RollEntry.status.in_(sorted(CLOSED_SPACE)), 1), else_=0)
    longest = (
        select(JoinedMember.id)
        .join(RollEntry, RollEntry.id == JoinedMember.roll_id)
        .where(JoinedMember.account_id == account_id)
        .order_by(away, JoinedMember.joined_at, JoinedMember.roll_id)
        .limit(1)
    )
    which = work.db.execute(longest).scalar_one()
    # read as it is deleted: they may just have asked to leave, or to stay
    theirs = (
        JoinedMember.roll_id,
        JoinedMember.code_mac,
        JoinedMember.terms_version,
        JoinedMember.closing_at,
        JoinedMember.joined_at,
    )
    heir = delete(JoinedMember).where(JoinedMember.id == which).returning(*theirs)
    own = work.db.execute(heir).one()._asdict()
    _one_less(work, account_id, first_joined_at=own.pop("joined_at"), **own)
    rank = sessions.entry_rank(work, own["terms_version"])
    mine = StoredSession.account_id == account_id, StoredSession.rank.in_(SIGNED_IN)
    work.db.execute(update(StoredSession).where(*mine).values(rank=rank))


def _one_less(work: Work, account_id: int, **values: object) -> None:
    less: dict[str, ColumnElement[int] | object] = {"joined": Account.joined - 1, **values}
    work.db.execute(update(Account).where(Account.id == account_id).values(less))
