"""A second step of the member's own choice: what they have, and whether codes still leave by mail.

Nobody is ever left without a way: « no mail » is only taken, and only counts, while there is a
passkey or an app.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    SQLColumnExpression,
    and_,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)

from webapp.models import Account, Authenticator, Passkey, RecoveryCode, StoredSession
from webapp.rules.factors import Removed
from webapp.rules.ranks import Member, Rank
from webapp.rules.refusals import Refusal
from webapp.services.kernel import journal, new_beginning
from webapp.services.kernel.work import Work
from webapp.services.mail import notices


@dataclass(frozen=True)
class OwnStep:
    """A passkey or an app, as the space lists it; `id` is a passkey's row, `credential_id` and
    `handle` what its device calls it and the account."""

    id: int
    name: str
    created_at: datetime
    last_used_at: datetime | None
    credential_id: bytes = b""
    handle: bytes = b""


@dataclass(frozen=True)
class FactorFacts:
    """All that the page of second steps shows."""

    mail_off: bool
    codes_left: int
    app: OwnStep | None
    passkeys: tuple[OwnStep, ...]

    @property
    def count(self) -> int:
        """How many second steps of their own the member has."""
        return len(self.passkeys) + (self.app is not None)


OneAccount = int | SQLColumnExpression[int]  # its number, or that of the row


def passkey_of(account: OneAccount) -> ColumnElement[bool]:
    """SQL: whether the account has a passkey."""
    return exists().where(Passkey.account_id == account)


def app_of(account: OneAccount) -> ColumnElement[bool]:
    """SQL: whether the account has an app in force."""
    return exists().where(
        Authenticator.account_id == account, Authenticator.confirmed_at.is_not(None)
    )


def codes_of(account: OneAccount) -> ColumnElement[bool]:
    """SQL: whether the account has a recovery code left."""
    return exists().where(RecoveryCode.account_id == account, RecoveryCode.used_at.is_(None))


def columns() -> list[ColumnElement[bool]]:
    """SQL: what `offered` (rules/factors.py) asks, in a row of accounts."""
    return [
        passkey_of(Account.id).label("has_passkey"),
        app_of(Account.id).label("has_app"),
        codes_of(Account.id).label("has_codes"),
        Account.mailed_code_off.label("mail_off"),
    ]


def has_any(work: Work, account_id: int) -> bool:
    """Whether the account has a passkey or an app in force."""
    own = or_(passkey_of(account_id), app_of(account_id))
    return bool(work.db.execute(select(own)).scalar())


def overview(work: Work, session: Member) -> FactorFacts:
    """What the member has, in one statement."""
    left = (
        select(func.count())
        .select_from(RecoveryCode)
        .where(RecoveryCode.account_id == Account.id, RecoveryCode.used_at.is_(None))
        .correlate(Account)
        .scalar_subquery()
    )
    in_force = and_(Authenticator.account_id == Account.id, Authenticator.confirmed_at.is_not(None))
    rows = work.db.execute(
        select(
            Account.mailed_code_off,
            left.label("codes_left"),
            Authenticator.name.label("app_name"),
            Authenticator.confirmed_at,
            Authenticator.last_used_at.label("app_used_at"),
            Passkey.id,
            Passkey.name,
            Passkey.created_at,
            Passkey.last_used_at,
            Passkey.credential_id,
            Passkey.handle,
        )
        .outerjoin(Authenticator, in_force)
        .outerjoin(Passkey, Passkey.account_id == Account.id)
        .where(Account.id == session.account_id)
        .order_by(Passkey.id)
    ).all()
    first = rows[0]
    has_app = first.confirmed_at is not None
    return FactorFacts(
        mail_off=first.mailed_code_off,
        codes_left=first.codes_left,
        app=OwnStep(0, first.app_name, first.confirmed_at, first.app_used_at) if has_app else None,
        passkeys=tuple(OwnStep(*tuple(row)[5:]) for row in rows if row.id is not None),
    )


def added(work: Work, session: Member, *, kind: str, name: str, codes: bool) -> None:
    """Tell the owner and the journal. `kind`: passkey or app; `codes`: made along with it."""
    notices.tell(work, "second_step_added", to=session.email, kind=kind, called=name, codes=codes)
    journal.write(work, "second_step.added", account_id=session.account_id, kind=kind, codes=codes)


def remove(
    work: Work,
    session: Member,
    kind: str,
    table: type[Authenticator] | type[Passkey],
    which: ColumnElement[bool],
) -> bool:
    """Delete that passkey or app of this member's; False when there is no such one.

    With the last step of their own the recovery codes go, and codes leave by mail again. The owner
    is told. Raises Refusal("session_over").
    """
    account_id = session.account_id
    new_beginning.lock_account(work, session)
    own = delete(table).where(table.account_id == account_id, which)
    gone = work.db.execute(own.returning(table.name)).first()
    if gone is None:
        return False
    removed(work, account_id, [Removed(kind, gone.name)], email=session.email)
    return True


def removed(work: Work, account_id: int, gone: Sequence[Removed], *, email: str) -> None:
    """Finish a removal, for which `lock_account` was called before. With the last second factor the
    recovery codes go too, and codes leave by mail again. The owner and the journal are told."""
    last = work.db.execute(
        update(Account)
        .where(Account.id == account_id, ~passkey_of(account_id), ~app_of(account_id))
        .values(mailed_code_off=False)
    )
    mail_again = last.rowcount == 1
    if mail_again:
        work.db.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    notices.tell(work, "second_step_removed", to=email, gone=gone, mail_again=mail_again)
    for each in gone:
        journal.write(
            work,
            "second_step.removed",
            account_id=account_id,
            kind=each.kind,
            mail_again=mail_again,
        )


def stop_mail(work: Work, session: Member) -> None:
    """No security code leaves by mail any more; sign-ins under way begin again.

    Raises Refusal: session_over, and mail_needed without a step of their own, or without recovery
    codes.
    """
    account_id = session.account_id
    new_beginning.lock_account(work, session)
    stopped = work.db.execute(
        update(Account)
        .where(Account.id == account_id)
        .where(or_(passkey_of(account_id), app_of(account_id)), codes_of(account_id))
        .values(mailed_code_off=True)
    )
    if stopped.rowcount != 1:
        raise Refusal("mail_needed")
    work.db.execute(
        delete(StoredSession).where(
            StoredSession.account_id == account_id, StoredSession.rank == Rank.CODE
        )
    )
    _mail_told(work, session, off=True)


def resume_mail(work: Work, session: Member) -> None:
    """Codes may be asked for by mail again. Raises Refusal("session_over")."""
    resumed = update(Account).where(new_beginning.still(session)).values(mailed_code_off=False)
    if work.db.execute(resumed).rowcount != 1:
        raise Refusal("session_over")
    _mail_told(work, session, off=False)


def _mail_told(work: Work, session: Member, *, off: bool) -> None:
    notices.tell(work, "mailed_code", to=session.email, off=off)
    journal.write(work, "second_step.mail", account_id=session.account_id, off=off)
