"""Members who ask to join a space, up to where a test begins; every step is settled."""

from typing import Any

from sqlalchemy import select, update

from player.members import ODILE, RENE, Letter, on_the_roll
from player.world import NEW_PASSWORD
from tests.journeys import found, in_waiting, mailed_link, signed_in
from webapp.models import JoinedMember, JoinRequest, RollEntry
from webapp.services.kernel.work import Work
from webapp.services.registration import confirmation

NAME = "M.\u00a0René Exemple"


def rene_on_the_roll(work: Work, letter: Letter = RENE) -> int:
    """René, whose name differs from Odile's."""
    roll_id = on_the_roll(work, letter)
    his = update(RollEntry).where(RollEntry.id == roll_id)
    work.db.execute(his.values(civility="M.", first_name="René"))
    work.settle()
    return roll_id


def asking(work: Work, letter: Letter = RENE, *, email: str = ODILE.email) -> str:
    """This letter is confirmed with the address of a space: its owner is asked; the request's
    id."""
    registration_id = in_waiting(work, letter, email=email, password=NEW_PASSWORD)
    assert confirmation.by_link(work, mailed_link(work)) == "confirmed"
    work.settle()
    return registration_id


def owner(work: Work) -> Any:
    """Odile's session, both steps done."""
    return found(work, signed_in(work).token)


def requests(work: Work) -> list[Any]:
    """Every request that is stored."""
    rows = list(work.db.execute(select(JoinRequest.__table__)))
    work.settle()
    return rows


def joined(work: Work) -> list[Any]:
    """Everybody who joined a space."""
    rows = list(work.db.execute(select(JoinedMember.__table__)))
    work.settle()
    return rows
