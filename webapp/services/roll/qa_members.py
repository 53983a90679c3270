"""Members for QA: on the roll under numbers that no mutual gives, and gone without a trace."""

from sqlalchemy import ColumnElement, delete, insert, select

from webapp.models import Account, Registration, RollEntry, TermsAcceptance
from webapp.services.kernel.work import Work
from webapp.services.roll.entries import code_mac
from webapp.services.roll.import_file import take_turn
from webapp.services.roll.report import NewLetter

PREFIX = "QAESSAI"  # no number of a mutual begins so


def make(work: Work, count: int) -> list[NewLetter]:
    """`count` new ones, each with the letter that it would get."""
    take_turn(work)
    taken = set(work.db.scalars(select(RollEntry.number).where(_is_test())))
    free = (f"{PREFIX}{at:04d}" for at in range(1, len(taken) + count + 1))
    numbers = [number for number in free if number not in taken][:count]
    letters = [
        NewLetter(number, "Mme", "Essai", "Odile", work.world.chance.access_code())
        for number in numbers
    ]
    rows = [
        {
            "number": letter.number,
            "number_key": letter.number,
            "civility": letter.civility,
            "last_name": letter.last_name,
            "first_name": letter.first_name,
            "contract": "Santé Confort",
            "code_mac": code_mac(work, letter.number, letter.access_code),
            "code_issued_at": work.now,
            "updated_at": work.now,
        }
        for letter in letters
    ]
    work.db.execute(insert(RollEntry), rows)
    return letters


def remove(work: Work) -> int:
    """All of them with their registrations, accounts and all that hangs on these; how many.

    What they accepted goes too: nobody has to prove what a test member agreed to.
    """
    take_turn(work)
    entries = select(RollEntry.id).where(_is_test())
    work.db.execute(delete(TermsAcceptance).where(TermsAcceptance.roll_id.in_(entries)))
    work.db.execute(delete(Account).where(Account.roll_id.in_(entries)))
    work.db.execute(delete(Registration).where(Registration.roll_id.in_(entries)))
    gone = work.db.execute(delete(RollEntry).where(_is_test()).returning(RollEntry.id))
    return len(gone.all())


def _is_test() -> ColumnElement[bool]:
    return RollEntry.number.startswith(PREFIX, autoescape=True)
