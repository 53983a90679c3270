"""The roll at the door: does this letter exist, and whose is it. Importing it is next door."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import select

from webapp.models import RollEntry
from webapp.models.prepared import Prepared
from webapp.rules import lifetimes, limits
from webapp.rules.moments import paris_date
from webapp.rules.refusals import Refusal
from webapp.rules.statuses import NO_LETTER
from webapp.services.kernel import household, journal, membership, thanks, throttle
from webapp.services.kernel.work import Work
from webapp.services.roll import numbers, paper_letters
from webapp.services.roll.paper_letters import Newer
from webapp.services.roll.report import NEVER

# Issued when: the code of a member whose account was erased. The old paper opens nothing, be it in
# a file imported again; no import writes another letter by itself, as it does for codes never
# written (services/roll/change.py). A new code in a file replaces it.
USED_UP = datetime(1970, 1, 2, tzinfo=UTC)
# The code of a letter that came back: dead, and no import revives it.
CAME_BACK = datetime(1970, 1, 3, tzinfo=UTC)


class _Letter(NamedTuple):
    id: int
    number: str
    number_key: str
    first_name: str
    last_name: str
    status: str
    code_mac: bytes
    code_issued_at: datetime
    replaced_mac: bytes | None
    account_id: int | None
    used_mac: bytes | None
    owed: int | None


_LETTER = Prepared(
    _Letter,
    select(
        RollEntry.id,
        RollEntry.number,
        RollEntry.number_key,
        RollEntry.first_name,
        RollEntry.last_name,
        household.member_status().label("status"),
        RollEntry.code_mac,
        RollEntry.code_issued_at,
        RollEntry.replaced_mac,
        household.account_of(RollEntry.id).label("account_id"),
        household.mac_used_by(RollEntry.id).label("used_mac"),
        thanks.owed().label("owed"),
    ).where(numbers.may_be_meant()),
)


@dataclass(frozen=True)
class LetterEntry:
    """The member whose letter was proved. `account_id`: the space they are in, be it somebody
    else's; `used`: the letter served already, to open it or to join it."""

    id: int
    number: str
    first_name: str
    last_name: str
    account_id: int | None
    code_mac: bytes
    used: bool


def code_mac(work: Work, number_key: str, access_code: str) -> bytes:
    """The keyed hash of a letter: number and access code together, both in normal form. Numbers
    that share a normal form have codes of their own (services/roll/twins.py)."""
    return work.world.seals.mac("access_code", number_key, access_code)


def code_macs(work: Work, letters: Iterable[tuple[str, str]]) -> list[bytes]:
    """The keyed hash of each of these letters, in their order."""
    return work.world.seals.each_mac("access_code", letters)


def is_code(work: Work, mac: bytes, number_key: str, access_code: str) -> bool:
    """Whether a stored keyed hash is that of this letter, under whichever of our keys."""
    return work.world.seals.same(mac, "access_code", number_key, access_code)


def entry_of_letter(work: Work, number: str, access_code: str | None) -> LetterEntry:
    """The member whose letter bears this number, as it was typed, and this code. One verdict for
    both.

    `access_code` None: the caller's own session proved this number already.
    A right letter goes through whatever its address of origin did before. One that was right once
    is told why it opens nothing any more; that look counts as a wrong code does.
    Raises Refusal: letter_wrong, letter_closed, origin_closed, membership_over, space_held, and
    for the holder of an old letter letter_expired, letter_replaced, letter_returned, letter_spent.
    """
    near = _LETTER.all(work.db, numbers.readings(number) | thanks.owing(work))
    row = numbers.meant(near, number)
    if access_code is not None:
        tries = numbers.bucket(row, number)
        throttle.spend(work, limits.ACCESS_CODE, tries, "letter_closed")
        work.settle()
        mac, salt = (row.code_mac, row.number_key) if row else (bytes(32), number)
        if not is_code(work, mac, salt, access_code) or row is None:
            newer = paper_letters.newer_than(work, row, salt, access_code)
            raise _wrong(work) if row is None or newer is None else _old(work, row, newer)
        if row.code_issued_at + lifetimes.ACCESS_CODE <= work.now:
            raise _old(work, row)
        whose = f"letter {tries}"
        thanks.thank_within(work, limits.ACCESS_CODE, tries, whose=whose, owed=row.owed)
    if row is None:
        raise Refusal("registration_over")
    if shut := _shut(work, row):
        raise shut
    used = row.account_id is not None and row.used_mac == row.code_mac
    names = (row.first_name, row.last_name)
    return LetterEntry(row.id, row.number, *names, row.account_id, row.code_mac, used)


def _shut(work: Work, row: _Letter) -> Refusal | None:
    refusal = membership.refusal(row.status)
    if refusal is not None and refusal.key == "space_held":
        journal.write(work, "registration.space_held", roll_id=row.id)
    elif refusal is not None:
        journal.write(work, "registration.membership_over", roll_id=row.id)
    return refusal


def _old(work: Work, row: _Letter, newer: Newer | None = None) -> Refusal:
    """What the holder of a letter is told that is right and opens nothing, or that was right until
    a `newer` one. It counts as a failure, and is told for what it is however many there were."""
    if shut := _shut(work, row):
        return throttle.failed(work, shut, gated=False)
    if newer is None and row.code_issued_at == NEVER and row.status in NO_LETTER:
        return _wrong(work)  # a code of the file's, not in force yet
    key, at = _why(work, row, newer)
    why = key.removeprefix("letter_")
    journal.write(work, "registration.letter_over", roll_id=row.id, why=why)
    day = paris_date(at) if at else None
    return throttle.failed(work, Refusal(key, on=day), gated=False)


def _why(work: Work, row: _Letter, newer: Newer | None) -> tuple[str, datetime | None]:
    """The refusal, and the day that it tells, where that helps."""
    ends = row.code_issued_at + lifetimes.ACCESS_CODE
    if newer is not None:  # to be told of a newer letter helps while that one is good
        return ("letter_replaced", newer.made_at) if ends > work.now else ("letter_expired", None)
    if row.code_issued_at == CAME_BACK:
        return "letter_returned", None
    if row.code_issued_at == USED_UP:
        return "letter_spent", None
    return "letter_expired", None if row.code_issued_at == NEVER else ends


def _wrong(work: Work) -> Refusal:
    journal.write(work, "registration.letter_refused")
    return throttle.failed(work, Refusal("letter_wrong"))
