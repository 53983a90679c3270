"""What becomes of letters once they are printed: posted, or returned by the post (« NPAI »)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, select, update

from webapp.models import Account, Letter, LetterBatch, Registration, RollEntry
from webapp.models.base import table
from webapp.rules import letters
from webapp.rules.moments import PARIS
from webapp.services.kernel import journal
from webapp.services.kernel.work import Work
from webapp.services.letters.batches import Batch, BatchRefused, find
from webapp.services.roll.entries import CAME_BACK
from webapp.services.roll.import_file import take_turn
from webapp.services.roll.members import id_of
from webapp.services.takeover import waiting

_LETTER, _BATCH, _ROLL = table(Letter), table(LetterBatch), table(RollEntry)


def posted(work: Work, batch_id: int, *, on: date | None, operator: str) -> Batch:
    """The batch left on that day (today, without one): its sealed codes are destroyed, and each
    lives 90 days from then, or as printed if that is later.

    Raises BatchRefused: unknown, posted, too_early, too_late; RollRefused("busy").
    """
    take_turn(work, wait=True)
    batch = find(work, batch_id)
    today = work.now.astimezone(PARIS).date()
    day = today if on is None else on
    if batch.posted_on is not None:
        raise BatchRefused("posted", on=batch.posted_on)
    if day > today:
        raise BatchRefused("too_late")
    if day < batch.made_at.astimezone(PARIS).date():
        raise BatchRefused("too_early", on=batch.made_at)
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


@dataclass(frozen=True)
class CameBack:
    """A letter that came back. `used`: it had opened the member's space, which stays open."""

    number: str
    used: bool


def returned(work: Work, numbers: Sequence[str], *, operator: str) -> list[CameBack]:
    """The last letter of each of these members came back: its code is dead, and none is made until
    their address changes. Numbers as the mutual writes them.

    Raises NotOnTheRoll, RollRefused("busy").
    """
    take_turn(work, wait=True)
    ids = dict.fromkeys(id_of(work, each) for each in numbers)
    return [_came_back(work, each, operator) for each in ids]


def _came_back(work: Work, roll_id: int, operator: str) -> CameBack:
    entry = work.db.execute(
        select(_ROLL.c.number, _ROLL.c.address, _ROLL.c.code_mac, Account.code_mac.label("used"))
        .outerjoin(Account, Account.roll_id == _ROLL.c.id)
        .where(_ROLL.c.id == roll_id)
    ).one()
    last = work.db.execute(
        select(_LETTER.c.id, _LETTER.c.address_mac)
        .where(_LETTER.c.roll_id == roll_id)
        .order_by(_LETTER.c.id.desc())
        .limit(1)
    ).first()
    used = entry.used is not None and bool(entry.used == entry.code_mac)
    address = last.address_mac if last else work.world.seals.mac("address", entry.address)
    values: dict[str, object] = {"returned_mac": address, "updated_at": work.now}
    if not used:
        values["code_issued_at"] = CAME_BACK
        begun = Registration.roll_id == roll_id, Registration.state != "confirmed"
        work.db.execute(delete(Registration).where(*begun))
        waiting.stop_of(work, roll_id)
    work.db.execute(update(_ROLL).where(_ROLL.c.id == roll_id).values(values))
    if last:
        came = update(_LETTER).where(_LETTER.c.id == last.id, _LETTER.c.returned_at.is_(None))
        work.db.execute(came.values(returned_at=work.now))
    journal.write(work, "letter.returned", roll_id=roll_id, operator=operator)
    return CameBack(entry.number, used)
