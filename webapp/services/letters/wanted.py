"""Letters that the desk asked for: the next batch makes them."""

from collections.abc import Mapping, Sequence

from sqlalchemy import delete

from webapp.models.desk import WantedLetter
from webapp.services.kernel.work import Work


def served(work: Work, roll_ids: Sequence[int]) -> Mapping[int, str]:
    """These members get their letter, whoever asked for it: it is wanted no more. Returns the
    reason that an operator gave for each for whom one had asked."""
    theirs = delete(WantedLetter).where(WantedLetter.roll_id.in_(roll_ids))
    gone = theirs.returning(WantedLetter.roll_id, WantedLetter.reason)
    return {row.roll_id: row.reason for row in work.db.execute(gone)}
