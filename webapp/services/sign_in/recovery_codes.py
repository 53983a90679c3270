"""Recovery codes: ten, printed, each good once; for the day when the phone is lost."""

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import aliased

from webapp.models import RecoveryCode
from webapp.rules import credentials
from webapp.rules.ranks import AtCode, Member
from webapp.rules.refusals import Refusal
from webapp.services.kernel import journal, new_beginning
from webapp.services.kernel.work import Work
from webapp.services.mail import notices
from webapp.services.sign_in import finish, second_factors
from webapp.services.sign_in.finish import Entered


def renew(work: Work, session: Member) -> tuple[str, ...]:
    """Ten new codes in the place of all others; they can be read here and nowhere else.

    Raises Refusal: session_over, and own_step_first without a passkey or an app.
    """
    account_id = session.account_id
    new_beginning.lock_account(work, session)
    if not second_factors.has_any(work, account_id):
        raise Refusal("own_step_first")
    work.db.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    codes = make(work, account_id)
    notices.tell(work, "recovery_codes", to=session.email, used=False, left=len(codes))
    journal.write(work, "second_step.codes_made", account_id=account_id)
    return codes


def make(work: Work, account_id: int) -> tuple[str, ...]:
    """Ten codes of 40 bits as the member reads them; stored as keyed hashes."""
    signs = credentials.RECOVERY_CODE_SIGNS
    codes = [work.world.chance.access_code()[-signs:] for _ in range(credentials.RECOVERY_CODES)]
    rows = [
        {
            "account_id": account_id,
            "mac": work.world.seals.mac("recovery_code", str(account_id), code),
            "created_at": work.now,
        }
        for code in codes
    ]
    work.db.execute(insert(RecoveryCode), rows)
    return tuple(credentials.grouped(code) for code in codes)


def enter(work: Work, session: AtCode, *, code: str, agent: str) -> Entered:
    """The second step with a code of the sheet, used up; the owner is told how many are left.

    The device is not remembered, whatever was ticked: it may be anybody's. Raises Refusal:
    recovery_code_wrong, code_spent, code_closed, code_over.
    """
    spent = finish.spend_try(work, session, "recovery_code")
    left = _use(work, session, code)
    if left is None:
        refusal = Refusal("recovery_code_wrong", "recovery_code")
        raise finish.wrong(work, session, spent.tries_left, refusal)
    entered = finish.passed(work, session, by="recovery_code", agent=agent, remember=False)
    notices.tell(work, "recovery_codes", to=session.email, used=True, left=left)
    return entered


def _use(work: Work, session: AtCode, code: str) -> int | None:
    """Use a code up; how many others are left, None when it is none of the unused ones.

    Counted without the one used: both databases agree then, whenever they count.
    """
    account_id = session.account_id
    macs = work.world.seals.macs("recovery_code", str(account_id), code)
    other = aliased(RecoveryCode)
    left = (
        select(func.count())
        .select_from(other)
        .where(other.account_id == account_id, other.used_at.is_(None), other.mac.not_in(macs))
        .scalar_subquery()
    )
    used = work.db.execute(
        update(RecoveryCode)
        .where(RecoveryCode.account_id == new_beginning.held(new_beginning.still(session)))
        .where(RecoveryCode.mac.in_(macs), RecoveryCode.used_at.is_(None))
        .values(used_at=work.now)
        .returning(left)
    ).scalar()
    return None if used is None else int(used)
