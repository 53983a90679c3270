"""The erasure of a closed space, seven days after its closing. The health contract, the roll and
the proofs of terms outlive it."""

from sqlalchemy import ColumnElement, case, delete, exists, select, update

from webapp.models import Account, OutboxMail, Registration, RollEntry, Takeover, TermsAcceptance
from webapp.rules import lifetimes
from webapp.rules.retention import life, said
from webapp.services.kernel import journal
from webapp.services.kernel.work import Work
from webapp.services.mail import notices
from webapp.services.roll import entries


def erase_due(work: Work) -> int:
    """Erase every account whose seven days are over; returns how many. Twice is harmless.

    Not while a newer letter's takeover waits: its member wants the space
    (services/takeover/effect.py).
    """
    # put in order here: asked for it, SQLite walks through all accounts to spare itself the sort
    due = work.db.execute(select(Account.id).where(*_is_over(work))).scalars()
    return sum(_erase(work, account_id) for account_id in sorted(due))


def _erase(work: Work, account_id: int) -> bool:
    """One account, with all that hangs on it; False when it was kept or erased a moment ago.

    The letter's row is locked first, as in services/registration/new_account.py. The code that
    made the account is used up: the old paper opens nothing, whatever its age. A newer letter that
    did not serve yet stays good, and what it began.
    """
    due = select(Account.roll_id).where(Account.id == account_id, *_is_over(work))
    served = select(Account.code_mac).where(Account.id == account_id).scalar_subquery()
    step = work.db.begin_nested()
    work.db.execute(
        update(RollEntry)
        .where(RollEntry.id == due.scalar_subquery())
        .values(
            code_issued_at=case(
                (RollEntry.code_mac != served, RollEntry.code_issued_at), else_=entries.USED_UP
            )
        )
    )
    gone = work.db.execute(
        delete(Account)
        .where(Account.id == account_id, *_is_over(work))
        .returning(Account.roll_id, Account.email)
    ).first()
    if gone is None:
        step.rollback()
        return False
    newer = exists().where(
        RollEntry.id == Registration.roll_id,
        RollEntry.code_mac == Registration.code_mac,
        RollEntry.code_issued_at != entries.USED_UP,
    )
    work.db.execute(delete(Registration).where(Registration.roll_id == gone.roll_id, ~newer))
    _keep_proofs(work, gone.roll_id)
    _wipe_mails(work, gone.email)
    proof_kept = said(life("terms"))
    notices.tell(work, "closed", to=gone.email, good_for=lifetimes.CLOSING, proof=proof_kept)
    journal.write(work, "account.closed", roll_id=gone.roll_id)
    step.commit()
    return True


def _is_over(work: Work) -> tuple[ColumnElement[bool], ...]:
    taken_over = exists().where(Takeover.account_id == Account.id, Takeover.state == "waiting")
    return Account.closing_at <= work.now, ~taken_over


def _keep_proofs(work: Work, roll_id: int) -> None:
    """The proofs of terms that the account left behind, tied to the roll entry alone."""
    mine = TermsAcceptance
    work.db.execute(
        update(mine)
        .where(mine.roll_id == roll_id, mine.account_id.is_(None), mine.kept_until.is_(None))
        .values(kept_until=work.now + life("terms"))
    )


def _wipe_mails(work: Work, email: str) -> None:
    """Notices that still wait tell of an account that is no more."""
    work.db.execute(
        update(OutboxMail)
        .where(notices.sent_to(work, email), OutboxMail.state == "ready")
        .values(state="expired", sealed=b"", ended_at=work.now)
    )
