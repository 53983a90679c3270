"""A member gets a paper letter in the next batch. Their former code stays good until that batch
makes the new one, which the desk never sees."""

from datetime import datetime

from sqlalchemy import delete, exists, select

from webapp.models import Letter, LetterBatch, RollEntry, RollFormer, RollImport
from webapp.models.desk import WantedLetter
from webapp.rules import lifetimes
from webapp.rules.refusals import Refusal
from webapp.rules.statuses import DECEASED, LEFT, REFUSED
from webapp.services.desk import whom
from webapp.services.kernel import journal
from webapp.services.kernel.work import Work

_ADDRESS = '"address": '  # as services/roll/formers.py writes it: names have their quotes escaped
_WHY_NONE = {
    LEFT: "desk_no_letter_left",
    DECEASED: "desk_no_letter_deceased",
    REFUSED: "desk_no_letter_refused",
}


def want(work: Work, roll_id: int, reason: str) -> None:
    """They join the next batch. Once, until that is made or taken back.

    Raises Refusal: desk_no_letter_… (who left, died or refuses, or the last one came back from
    this address), desk_letter_made (one is about to be posted), desk_letter_wanted.
    """
    whom.hold(work, roll_id)
    if why := why_none(work, roll_id):
        raise Refusal(why)
    values = {"roll_id": roll_id, "operator_id": work.operator_id, "reason": reason}
    row = work.insert(WantedLetter).values(asked_at=work.now, **values).on_conflict_do_nothing()
    if work.db.execute(row.returning(WantedLetter.roll_id)).first() is None:
        raise Refusal("desk_letter_wanted")
    whose = whom.concerned(work, roll_id)
    journal.write(work, "desk.letter_wanted", **whose, reason=reason)


def take_back(work: Work, roll_id: int, reason: str) -> None:
    """They get none after all, while no batch was made. Raises Refusal("desk_letter_gone")."""
    whom.hold(work, roll_id)  # a batch that is being made has it, or sees that it is gone
    own = delete(WantedLetter).where(WantedLetter.roll_id == roll_id)
    if work.db.execute(own).rowcount != 1:
        raise Refusal("desk_letter_gone")
    whose = whom.concerned(work, roll_id)
    journal.write(work, "desk.letter_taken_back", **whose, reason=reason)


def forget(work: Work, roll_id: int) -> None:
    """Nobody writes to them any more: what was asked for is over."""
    work.db.execute(delete(WantedLetter).where(WantedLetter.roll_id == roll_id))


def why_none(work: Work, roll_id: int) -> str | None:
    """The refusal for a member who gets no letter, None for one who may."""
    entry = work.db.execute(
        select(RollEntry.status, RollEntry.address, RollEntry.returned_mac).where(
            RollEntry.id == roll_id
        )
    ).one()
    if entry.status in _WHY_NONE:
        return _WHY_NONE[entry.status]
    came_back = entry.returned_mac
    if came_back is not None and work.world.seals.same(came_back, "address", entry.address):
        return "desk_no_letter_returned"
    unposted = (
        exists()
        .where(Letter.roll_id == RollEntry.id, Letter.code_mac == RollEntry.code_mac)
        .where(LetterBatch.id == Letter.batch_id, LetterBatch.posted_on.is_(None))
        .where(Letter.sealed.is_not(None), Letter.returned_at.is_(None))
    )
    made = work.db.execute(select(RollEntry.id).where(RollEntry.id == roll_id, unposted)).first()
    return "desk_letter_made" if made else None


def is_to_recent_address(work: Work, roll_id: int) -> bool:
    """Whether an import changed the postal address in the last 30 days: the letter asks for a
    second operator."""
    since = work.now - lifetimes.ROLL_UNDO
    moved = (
        select(RollFormer.roll_id)
        .join(RollImport, RollImport.id == RollFormer.import_id)
        .where(RollFormer.roll_id == roll_id, RollImport.at > since)
        .where(RollFormer.former.contains(_ADDRESS, autoescape=True))
    )
    return work.db.execute(moved.limit(1)).first() is not None


def wanted_since(work: Work, roll_id: int) -> datetime | None:
    """When the letter was asked for that the next batch makes; None without."""
    asked = select(WantedLetter.asked_at).where(WantedLetter.roll_id == roll_id)
    since: datetime | None = work.db.execute(asked).scalar()
    return since
