"""The roll at the door: does this letter exist, and whose is it. Importing it is next door."""

from dataclasses import dataclass

from sqlalchemy import select

from webapp.models import Account, RollEntry
from webapp.rules import lifetimes, limits
from webapp.rules.refusals import Refusal
from webapp.services import journal, throttle
from webapp.services.work import Work


@dataclass(frozen=True)
class LetterEntry:
    """The member whose letter was proved."""

    id: int
    number: str
    first_name: str
    last_name: str
    account_id: int | None


def code_mac(work: Work, number_key: str, access_code: str) -> bytes:
    """The keyed hash of a letter: number and access code together, both in normal form."""
    return work.world.seals.mac("access_code", number_key, access_code)


def is_code(work: Work, mac: bytes, number_key: str, access_code: str) -> bool:
    """Whether a stored keyed hash is that of this letter, under whichever of our keys."""
    return work.world.seals.same(mac, "access_code", number_key, access_code)


def entry_of_letter(work: Work, number_key: str, access_code: str | None) -> LetterEntry:
    """The member whose letter bears this number and code. One verdict for both.

    `access_code` None: the caller's own session proved this number already.
    Raises Refusal: letter_wrong, letter_closed, origin_closed.
    """
    row = work.db.execute(
        select(
            RollEntry.id,
            RollEntry.number,
            RollEntry.first_name,
            RollEntry.last_name,
            RollEntry.code_mac,
            RollEntry.code_issued_at,
            Account.id.label("account_id"),
        )
        .outerjoin(Account, Account.roll_id == RollEntry.id)
        .where(RollEntry.number_key == number_key)
    ).first()
    if access_code is not None:
        throttle.spend(work, limits.ACCESS_CODE, number_key, "letter_closed")
        work.settle()
        right = is_code(work, row.code_mac if row else bytes(32), number_key, access_code)
        if row is None or not right or row.code_issued_at + lifetimes.ACCESS_CODE <= work.now:
            raise _wrong(work)
        throttle.refund(work, limits.ACCESS_CODE, number_key)
    if row is None:
        raise Refusal("registration_over")
    return LetterEntry(row.id, row.number, row.first_name, row.last_name, row.account_id)


def _wrong(work: Work) -> Refusal:
    journal.write(work, "registration.letter_refused")
    try:
        throttle.count_failure(work)
    except Refusal as closed:
        return closed
    return Refusal("letter_wrong")
