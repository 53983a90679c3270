"""What becomes of letters once they are printed: posted, or returned by the post (« NPAI »)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import select, update

from webapp.models import Letter, LetterBatch, RollEntry
from webapp.models.base import table
from webapp.rules import letters
from webapp.rules.moments import paris_date
from webapp.rules.statuses import NO_LETTER
from webapp.services.kernel import household, journal
from webapp.services.kernel.work import Work
from webapp.services.letters import former
from webapp.services.letters.batches import Batch, BatchRefused, find
from webapp.services.letters.choosing import CHUNK
from webapp.services.roll.entries import CAME_BACK
from webapp.services.roll.import_file import take_turn
from webapp.services.roll.members import id_of
from webapp.services.roll.report import NEVER

_LETTER, _BATCH, _ROLL = table(Letter), table(LetterBatch), table(RollEntry)


def posted(work: Work, batch_id: int, *, on: date | None, operator: str) -> Batch:
    """The batch left on that day (today, without one): its sealed codes are destroyed, and each
    lives 90 days from then, or as printed if that is later.

    Raises BatchRefused: unknown, posted, too_early, too_late; RollRefused("busy").
    """
    take_turn(work, wait=True)
    day = paris_date(work.now) if on is None else on
    check(work, batch_id, day)
    left = {"posted_on": day, "posted_at": work.now, "posted_by": operator}
    work.db.execute(update(_BATCH).where(_BATCH.c.id == batch_id).values(left))
    work.db.execute(update(_LETTER).where(_LETTER.c.batch_id == batch_id).values(sealed=None))
    runs = letters.runs_from(letters.posted_until(day))
    own = select(_LETTER.c.code_mac).where(
        _LETTER.c.batch_id == batch_id, _LETTER.c.roll_id == _ROLL.c.id
    )
    theirs = select(_LETTER.c.roll_id).where(_LETTER.c.batch_id == batch_id)
    still = (_ROLL.c.code_issued_at > CAME_BACK) & (_ROLL.c.code_issued_at < runs)
    work.db.execute(
        update(_ROLL)
        .where(_ROLL.c.id.in_(theirs), still, _ROLL.c.code_mac == own.scalar_subquery())
        .values(code_issued_at=runs)
    )
    journal.write(work, "letters.posted", batch_id=batch_id, operator=operator, on=day.isoformat())
    return find(work, batch_id)


def check(work: Work, batch_id: int, day: date) -> Batch:
    """The batch, if it can be said to have left on that day. Raises BatchRefused as `posted`."""
    batch = find(work, batch_id)
    if batch.posted_on is not None:
        raise BatchRefused("posted", on=batch.posted_on)
    if day > paris_date(work.now):
        raise BatchRefused("too_late")
    if day < paris_date(batch.made_at):
        raise BatchRefused("too_early", on=batch.made_at)
    return batch


@dataclass(frozen=True)
class CameBack:
    """A letter that came back. `used`: it had opened the member's space, which stays open.
    `moved`: another letter went to another address meanwhile, and stays good. `unwritten`: none
    was ever made for that member, so that nothing was noted."""

    number: str
    used: bool
    moved: bool
    unwritten: bool = False


class _Sent(NamedTuple):
    id: int
    code_mac: bytes
    address_mac: bytes
    posted_at: datetime | None


def returned(work: Work, numbers: Sequence[str], *, operator: str) -> list[CameBack]:
    """A letter of each of these members came back: it is dead, and none is made for its address
    any more. Numbers as the mutual writes them.

    Raises NotOnTheRoll, RollRefused("busy").
    """
    take_turn(work, wait=True)
    ids = list(dict.fromkeys(id_of(work, each) for each in numbers))
    for at in range(0, len(ids), CHUNK):
        # nobody registers with such a letter meanwhile; what was done before is read below
        held = select(_ROLL.c.id).where(_ROLL.c.id.in_(ids[at : at + CHUNK])).order_by(_ROLL.c.id)
        work.db.execute(held.with_for_update(key_share=True)).close()
    return [_came_back(work, each, operator) for each in ids]


def _came_back(work: Work, roll_id: int, operator: str) -> CameBack:
    entry = work.db.execute(
        select(
            _ROLL.c.number, _ROLL.c.address, _ROLL.c.code_mac, _ROLL.c.code_issued_at,
            _ROLL.c.status, household.mac_used_by(_ROLL.c.id).label("used"),
        ).where(_ROLL.c.id == roll_id)
    ).one()  # fmt: skip
    sent = _sent(work, roll_id)
    # a code of the file for who left waits, as NEVER, until they are back (entries.py)
    if not sent and entry.code_issued_at == NEVER and entry.status not in NO_LETTER:
        return CameBack(entry.number, used=False, moved=False, unwritten=True)
    dead, address = _which(sent, entry.code_mac)
    if address is None:  # a letter that the mutual made itself
        address = work.world.seals.mac("address", entry.address)
    used = entry.used is not None and bool(entry.used == entry.code_mac)
    moved = entry.code_mac not in dead and bool(dead)
    values: dict[str, object] = {"returned_mac": address, "updated_at": work.now}
    if not used and not moved:
        values["code_issued_at"] = CAME_BACK
        former.end_begun(work, [roll_id])
    work.db.execute(update(_ROLL).where(_ROLL.c.id == roll_id).values(values))
    came = update(_LETTER).where(_LETTER.c.roll_id == roll_id, _LETTER.c.code_mac.in_(dead))
    work.db.execute(came.where(_LETTER.c.returned_at.is_(None)).values(returned_at=work.now))
    journal.write(work, "letter.returned", roll_id=roll_id, operator=operator)
    return CameBack(entry.number, used, moved)


def _sent(work: Work, roll_id: int) -> list[_Sent]:
    """The member's letters, the youngest first."""
    asked = (
        select(_LETTER.c.id, _LETTER.c.code_mac, _LETTER.c.address_mac, _BATCH.c.posted_at)
        .join(_BATCH, _BATCH.c.id == _LETTER.c.batch_id)
        .where(_LETTER.c.roll_id == roll_id)
        .order_by(_LETTER.c.id.desc())
    )
    return [_Sent(*row) for row in work.db.execute(asked)]


def _which(sent: Sequence[_Sent], code_mac: bytes) -> tuple[list[bytes], bytes | None]:
    """The codes that came back, and the hash of the address that they came back from.

    It is the last letter that left: one that is still to be posted can't be back. Where today's
    letter goes to the same address it is as good as returned.
    """
    today = next((each for each in sent if each.code_mac == code_mac), None)
    if today is None:  # a code of the mutual's own file, on its own letter
        return [], None
    last = next((each for each in sent if each.posted_at is not None), sent[0])
    dead = {last.code_mac}
    if today.address_mac == last.address_mac:
        dead.add(code_mac)
    return [*dead], last.address_mac
