"""Members who ring, as the roll has them, and the browser of whoever answers."""

from sqlalchemy import update

from player.callers import ADDRESS, BORN
from player.members import ODILE, Letter, on_the_roll, with_account
from player.scripts.calls import BORN as SAID_BIRTH
from player.scripts.calls import POSTAL_CODE
from tests.checked_client import CheckedClient
from webapp.models import RollEntry
from webapp.services.kernel.work import Work

ANSWERS = {"birth_date": SAID_BIRTH, "postal_code": POSTAL_CODE}
REASON = "courrier pas arrivé"


def known(work: Work, letter: Letter = ODILE, *, space: bool = False, **values: object) -> int:
    """The id on the roll of this member, whose birth and address the mutual knows."""
    number = RollEntry.number == letter.number
    (with_account if space else on_the_roll)(work, letter)
    told = {"birth_date": BORN, "address": ADDRESS, **values}
    changed = update(RollEntry).where(number).values(told).returning(RollEntry.id)
    roll_id = work.db.execute(changed).scalar_one()
    work.settle()
    return int(roll_id)


def page_of(roll_id: int) -> str:
    """The address of their page."""
    return f"/adherent/{roll_id}"


def opens(browser: CheckedClient, roll_id: int, reason: str = REASON) -> None:
    """The operator says why, and the caller answers."""
    page = page_of(roll_id)
    assert browser.submit(page, {"reason": reason}).status_code == 303
    assert browser.submit(f"{page}/reponses", ANSWERS, page=page).status_code == 303
