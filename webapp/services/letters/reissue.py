"""Another paper letter for members who lost theirs, or both mailbox and password.

The former code dies at once, and with it all that it had begun. For a member who has an account
the new one is a newer letter: it takes the account over (services/takeover/waiting.py).
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from sqlalchemy import delete, func, update

from webapp.models import Registration, RollEntry
from webapp.rules import lifetimes
from webapp.rules.statuses import NO_LETTER
from webapp.services.kernel import journal
from webapp.services.kernel.work import Work
from webapp.services.roll.entries import code_mac
from webapp.services.roll.import_file import take_turn
from webapp.services.roll.members import NotOnTheRoll
from webapp.services.roll.report import NewLetter
from webapp.services.takeover import waiting


def reissue(
    work: Work,
    number_keys: Sequence[str],
    *,
    deliver: Callable[[NewLetter], None],
    reason: str = "",
) -> None:
    """A new code for each member, handed to `deliver` once the work is done but not committed.

    `reason`: the operator's words, for the journal.

    Raises NotOnTheRoll, GetsNoLetter, RollRefused("busy").
    """
    take_turn(work)
    for number_key in dict.fromkeys(number_keys):
        deliver(_one(work, number_key, reason))


def _one(work: Work, number_key: str, reason: str) -> NewLetter:
    code = work.world.chance.access_code()
    entry = _store(work, number_key, code)
    if entry is None:
        raise NotOnTheRoll(number_key)
    if entry.status in NO_LETTER:
        raise GetsNoLetter(number_key, entry.status)
    unconfirmed = Registration.state != "confirmed"
    work.db.execute(delete(Registration).where(Registration.roll_id == entry.id, unconfirmed))
    journal.write(work, "letter.reissued", roll_id=entry.id, **journal.why(reason))
    waiting.stop_of(work, entry.id)
    names = (entry.civility, entry.last_name, entry.first_name)
    until = work.now + lifetimes.ACCESS_CODE
    return NewLetter(entry.number, *names, entry.address, code, until)


class GetsNoLetter(Exception):
    """A member who left, died or refuses the space: nothing is changed."""

    def __init__(self, number_key: str, status: str):
        super().__init__(number_key)
        self.number_key, self.status = number_key, status


class _Entry(NamedTuple):
    id: int
    status: str
    number: str
    civility: str
    last_name: str
    first_name: str
    address: str


def _store(work: Work, number_key: str, code: str) -> _Entry | None:
    """The roll's entry with its new code; it remembers the file's, which an import of the same
    file would otherwise bring back."""
    row = work.db.execute(
        update(RollEntry)
        .where(RollEntry.number_key == number_key)
        .values(
            code_mac=code_mac(work, number_key, code),
            code_issued_at=work.now,
            replaced_mac=func.coalesce(RollEntry.replaced_mac, RollEntry.code_mac),
            updated_at=work.now,
        )
        .returning(
            RollEntry.id,
            RollEntry.status,
            RollEntry.number,
            RollEntry.civility,
            RollEntry.last_name,
            RollEntry.first_name,
            RollEntry.address,
        )
    ).first()
    return _Entry(*row) if row else None
