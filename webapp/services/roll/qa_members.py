"""Members for QA: on the roll under numbers that no mutual gives, and gone without a trace."""

from sqlalchemy import ColumnElement, delete, insert, select, union_all

from webapp.models import Account, JoinedMember, Registration, RollEntry, TermsAcceptance
from webapp.rules.roll_guards import TEST_NUMBERS
from webapp.services.kernel import promotion
from webapp.services.kernel.work import Work
from webapp.services.roll.import_file import take_turn
from webapp.services.roll.report import NEVER, NOBODYS_CODE


def make(work: Work, count: int) -> list[str]:
    """`count` new ones, who wait for their letters; their numbers."""
    take_turn(work)
    taken = set(work.db.scalars(select(RollEntry.number).where(_is_test())))
    free = (f"{TEST_NUMBERS}{at:04d}" for at in range(1, len(taken) + count + 1))
    numbers = [number for number in free if number not in taken][:count]
    rows = [
        {
            "number": number,
            "number_key": number,
            "civility": "Mme",
            "last_name": "Essai",
            "first_name": "Odile",
            "contract": "Santé Confort",
            "code_mac": NOBODYS_CODE,
            "code_issued_at": NEVER,
            "updated_at": work.now,
        }
        for number in numbers
    ]
    work.db.execute(insert(RollEntry), rows)
    return numbers


def remove(work: Work) -> int:
    """All of them with their registrations, accounts and all that hangs on these; how many.

    What they accepted goes too: nobody has to prove what a test member agreed to.
    """
    take_turn(work)
    entries = select(RollEntry.id).where(_is_test())
    work.db.execute(delete(TermsAcceptance).where(TermsAcceptance.roll_id.in_(entries)))
    _out_of_spaces(work)
    work.db.execute(delete(Registration).where(Registration.roll_id.in_(entries)))
    gone = work.db.execute(delete(RollEntry).where(_is_test()).returning(RollEntry.id))
    return len(gone.all())


def _out_of_spaces(work: Work) -> None:
    """Out of those that they share with others; their own go."""
    first = select(Account.id, RollEntry.id).join(RollEntry, RollEntry.id == Account.roll_id)
    joined = select(JoinedMember.account_id, RollEntry.id).join(
        RollEntry, RollEntry.id == JoinedMember.roll_id
    )
    shared = union_all(first.where(_is_test(), Account.joined > 0), joined.where(_is_test()))
    for account_id, roll_id in work.db.execute(shared).all():
        promotion.let_go(work, account_id, roll_id)
    alone = select(RollEntry.id).where(_is_test())
    work.db.execute(delete(Account).where(Account.roll_id.in_(alone)))


def _is_test() -> ColumnElement[bool]:
    return RollEntry.number.startswith(TEST_NUMBERS, autoescape=True)
