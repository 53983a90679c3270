"""What an operator hears of a member is noted as the mutual's file would: a letter that came back,
a death, a refusal. The next file says what it says, whatever was noted."""

from datetime import datetime

from sqlalchemy import select, update

from webapp.models import RollEntry
from webapp.models.base import table
from webapp.models.operator import Operator
from webapp.rules import lifetimes
from webapp.rules.refusals import Refusal
from webapp.rules.statuses import ACTIVE, DECEASED, NO_LETTER, REFUSED
from webapp.services.desk import whom
from webapp.services.desk.deeds import letter
from webapp.services.kernel import journal
from webapp.services.kernel.work import Work
from webapp.services.letters import posting
from webapp.services.roll import shut_spaces
from webapp.services.roll.report import NEVER, RollRefused

_ROLL = table(RollEntry)
# what may be noted, of whom. Who left is the file's to say: their space opens again with it
FROM = {
    DECEASED: (ACTIVE, REFUSED),
    REFUSED: (ACTIVE,),
    ACTIVE: (DECEASED, REFUSED),
}


def status(work: Work, roll_id: int, reason: str, *, to: str) -> None:
    """The roll says this of the member from now on (rules/statuses.py). Who is active again gets a
    letter as an import would have it: where theirs is over and they have no space.

    Raises Refusal: desk_noted when it says so already, desk_not_noted for who is not in FROM.
    """
    whom.hold(work, roll_id)
    account_id = whom.space_of(work, roll_id)
    entry = work.db.execute(
        select(_ROLL.c.status, _ROLL.c.code_issued_at).where(_ROLL.c.id == roll_id)
    ).one()
    if entry.status == to:
        raise Refusal("desk_noted")
    if entry.status not in FROM[to]:
        raise Refusal("desk_not_noted")
    values: dict[str, object] = {"status": to, "updated_at": work.now}
    back = to == ACTIVE and entry.status in NO_LETTER and account_id is None
    if back and _is_over(work, entry.code_issued_at):
        values |= {"code_issued_at": NEVER, "replaced_mac": None}
    work.db.execute(update(_ROLL).where(_ROLL.c.id == roll_id).values(values))
    if to in NO_LETTER:
        letter.forget(work, roll_id)
    if account_id is not None:
        shut_spaces.note(work, [(account_id, entry.status, to)])
    journal.write(
        work, "desk.status_noted", account_id=account_id, roll_id=roll_id, status=to, reason=reason
    )


def came_back(work: Work, roll_id: int, reason: str) -> None:
    """The last letter came back: its code is dead, and none is made for that address any more.
    Raises Refusal: desk_no_letter_yet where none was ever made, desk_roll_busy."""
    member = whom.find(work, roll_id)
    by = work.db.execute(select(Operator.name).where(Operator.id == work.operator_id)).scalar()
    try:
        [told] = posting.returned(work, [member.number], operator=by or "")
    except RollRefused:
        raise Refusal("desk_roll_busy") from None
    if told.unwritten:
        raise Refusal("desk_no_letter_yet")
    if not told.moved:
        letter.forget(work, roll_id)
    whose = whom.concerned(work, roll_id)
    journal.write(work, "desk.return_noted", **whose, reason=reason)


def arrives_after_all(work: Work, roll_id: int, reason: str) -> None:
    """The address is good: letters are made for it again. A code that died stays dead. Raises
    Refusal("desk_noted")."""
    whom.hold(work, roll_id)
    own = update(_ROLL).where(_ROLL.c.id == roll_id, _ROLL.c.returned_mac.is_not(None))
    if work.db.execute(own.values(returned_mac=None, updated_at=work.now)).rowcount != 1:
        raise Refusal("desk_noted")
    whose = whom.concerned(work, roll_id)
    journal.write(work, "desk.return_taken_back", **whose, reason=reason)


def _is_over(work: Work, issued_at: datetime) -> bool:
    return issued_at + lifetimes.ACCESS_CODE <= work.now
