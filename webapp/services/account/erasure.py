"""The erasure of a closed space, seven days after its closing. The health contract, the roll and
the proofs of terms outlive it. Of a space of several who asked for it leaves; the last one's
closing erases it."""

from typing import NamedTuple

from sqlalchemy import (
    ColumnElement,
    SQLColumnExpression,
    case,
    delete,
    exists,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.orm import aliased

from webapp.models import (
    Account,
    JoinedMember,
    Leaving,
    OutboxMail,
    Registration,
    RollEntry,
    Takeover,
    TermsAcceptance,
)
from webapp.rules import lifetimes
from webapp.rules.persons import Named, name_of
from webapp.rules.retention import life, said
from webapp.services.kernel import household, journal, promotion
from webapp.services.kernel.work import Work
from webapp.services.mail import notices
from webapp.services.roll import entries


def erase_due(work: Work) -> int:
    """Erase every account whose seven days are over, and let go of every member of several whose
    are; returns how many. Twice is harmless.

    Not while what a newer letter began waits: its member wants the space
    (services/household/effect.py). Nor while it is suspended: a thief may have asked.
    """
    gone = sum(_let_go(work, *who) for who in _who_leaves(work))
    # put in order here: asked for it, SQLite walks through all accounts to spare itself the sort
    due = work.db.execute(select(Account.id).where(*_is_over(work))).scalars()
    return gone + sum(_erase(work, account_id) for account_id in sorted(due))


def _who_leaves(work: Work) -> list[tuple[int, int]]:
    """Account and roll entry of those members of several whose days are over."""
    first = select(Account.id, Account.roll_id).where(
        Account.closing_at <= work.now, Account.joined > 0, Account.suspended_at.is_(None)
    )
    joined = (
        select(JoinedMember.account_id, JoinedMember.roll_id)
        .join(Account, Account.id == JoinedMember.account_id)
        .where(JoinedMember.closing_at <= work.now, Account.suspended_at.is_(None))
    )
    return sorted((each[0], each[1]) for each in work.db.execute(union_all(first, joined)))


def _let_go(work: Work, account_id: int, roll_id: int) -> bool:
    """One member of several; False when they were kept or left a moment ago, or have a newer
    letter that waits. What they signed stays, tied to the roll; the space is the others'."""
    step = work.db.begin_nested()
    person = use_up(work, RollEntry.id == roll_id)
    newer = person is None or work.db.execute(select(_newer_waits(account_id, roll_id))).scalar()
    to = None if newer else promotion.let_go(work, account_id, roll_id, closing=True)
    if person is None or to is None:
        step.rollback()
        return False
    promotion.carry(work, roll_id, account_id)
    forget_registrations(work, roll_id)
    journal.write(work, "person.closed", account_id=account_id)
    _tell(work, to, roll_id, name_of(person))
    step.commit()
    return True


def _erase(work: Work, account_id: int) -> bool:
    """One account, with all that hangs on it; False when it was kept or erased a moment ago.

    The letter's row is locked first, as in services/registration/new_account.py. The code that
    made the account is used up: the old paper opens nothing, whatever its age. A newer letter that
    did not serve yet stays good, and what it began.
    """
    due = select(Account.roll_id).where(Account.id == account_id, *_is_over(work))
    step = work.db.begin_nested()
    use_up(work, RollEntry.id == due.scalar_subquery())
    gone = work.db.execute(
        delete(Account)
        .where(Account.id == account_id, *_is_over(work))
        .returning(Account.roll_id, Account.email)
    ).first()
    if gone is None:
        step.rollback()
        return False
    forget_registrations(work, gone.roll_id)
    _keep_proofs(work, gone.roll_id)
    _wipe_mails(work, gone.email)
    _tell(work, gone.email, gone.roll_id, "")
    step.commit()
    return True


class _Whose(NamedTuple):
    number: str
    civility: str
    first_name: str
    last_name: str


def use_up(work: Work, whose: ColumnElement[bool]) -> Named | None:
    """The letter that served this member opens nothing any more; a newer one that did not serve yet
    stays good. Returns who it is, their row locked; None for nobody."""
    served = household.mac_used_by(RollEntry.id)
    row = work.db.execute(
        update(RollEntry)
        .where(whose)
        .values(
            code_issued_at=case(
                (RollEntry.code_mac != served, RollEntry.code_issued_at), else_=entries.USED_UP
            )
        )
        .returning(*(getattr(RollEntry, name) for name in _Whose._fields))
    ).first()
    return _Whose._make(row) if row else None


def forget_registrations(work: Work, roll_id: int) -> None:
    """Those of a letter that is used up go; those of a newer one stay."""
    newer = exists().where(
        RollEntry.id == Registration.roll_id,
        RollEntry.code_mac == Registration.code_mac,
        RollEntry.code_issued_at != entries.USED_UP,
    )
    work.db.execute(delete(Registration).where(Registration.roll_id == roll_id, ~newer))


def _tell(work: Work, to: str, roll_id: int, person: str) -> None:
    proof = said(life("terms"))
    notices.tell(work, "closed", to=to, good_for=lifetimes.CLOSING, proof=proof, person=person)
    journal.write(work, "account.closed", roll_id=roll_id)


def _is_over(work: Work) -> tuple[ColumnElement[bool], ...]:
    newer = _newer_waits(Account.id, Account.roll_id)
    due = Account.closing_at <= work.now, Account.suspended_at.is_(None)
    return *due, Account.joined == 0, ~newer


def _newer_waits(
    account_id: SQLColumnExpression[int] | int, roll_id: SQLColumnExpression[int] | int
) -> ColumnElement[bool]:
    """SQL: whether a newer letter of this member waits for its day: it was confirmed while they
    were alone in the space, or while they shared it."""
    own = aliased(Account)
    first = own.id == Takeover.account_id, own.roll_id == roll_id
    return or_(
        exists().where(Takeover.account_id == account_id, Takeover.state == "waiting", *first),
        exists().where(Leaving.roll_id == roll_id, Leaving.state == "waiting"),
    )


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
