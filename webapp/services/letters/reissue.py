"""Another paper letter for members who lost theirs, or both mailbox and password.

The former code dies at once, and with it all that it had begun. For a member who has an account
the new one is a newer letter: it takes the account over (services/takeover/waiting.py).
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from sqlalchemy import delete, func, select, update

from webapp.models import Registration, RollEntry
from webapp.services.kernel import journal
from webapp.services.kernel.work import Work
from webapp.services.roll.entries import code_mac
from webapp.services.roll.import_file import take_turn
from webapp.services.roll.members import id_of
from webapp.services.roll.report import NewLetter
from webapp.services.takeover import waiting


def reissue(
    work: Work,
    numbers: Sequence[str],
    *,
    deliver: Callable[[NewLetter], None],
    reason: str = "",
) -> None:
    """A new code for each member, by their number as the mutual writes it; handed to `deliver` once
    the work is done but not committed.

    `reason`: the operator's words, for the journal.

    Raises NotOnTheRoll, RollRefused("busy").
    """
    take_turn(work)
    for roll_id in dict.fromkeys([id_of(work, number) for number in numbers]):
        deliver(_one(work, roll_id, reason))


def _one(work: Work, roll_id: int, reason: str) -> NewLetter:
    code = work.world.chance.access_code()
    entry = _store(work, roll_id, code)
    unconfirmed = Registration.state != "confirmed"
    work.db.execute(delete(Registration).where(Registration.roll_id == entry.id, unconfirmed))
    journal.write(work, "letter.reissued", roll_id=entry.id, **journal.why(reason))
    waiting.stop_of(work, entry.id)
    return NewLetter(entry.number, entry.civility, entry.last_name, entry.first_name, code)


class _Entry(NamedTuple):
    id: int
    number: str
    civility: str
    last_name: str
    first_name: str


def _store(work: Work, roll_id: int, code: str) -> _Entry:
    """The roll's entry with its new code; it remembers the file's, which an import of the same
    file would otherwise bring back."""
    own = RollEntry.id == roll_id
    number_key = work.db.execute(select(RollEntry.number_key).where(own)).scalar_one()
    row = work.db.execute(
        update(RollEntry)
        .where(own)
        .values(
            code_mac=code_mac(work, number_key, code),
            code_issued_at=work.now,
            replaced_mac=func.coalesce(RollEntry.replaced_mac, RollEntry.code_mac),
            updated_at=work.now,
        )
        .returning(
            RollEntry.id,
            RollEntry.number,
            RollEntry.civility,
            RollEntry.last_name,
            RollEntry.first_name,
        )
    ).one()
    return _Entry(*row)
