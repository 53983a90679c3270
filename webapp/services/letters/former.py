"""What members began with a letter that is worth nothing any more."""

from collections.abc import Sequence

from sqlalchemy import delete

from webapp.models import JoinRequest, Registration
from webapp.services.household import leaving
from webapp.services.kernel.work import Work


def end_begun(work: Work, roll_ids: Sequence[int]) -> None:
    """It ends at once: registrations that are not confirmed, requests to join a space, and what
    waits to take one over or to leave it."""
    begun = Registration.roll_id.in_(roll_ids), Registration.state != "confirmed"
    work.db.execute(delete(Registration).where(*begun))
    work.db.execute(delete(JoinRequest).where(JoinRequest.roll_id.in_(roll_ids)))
    for each in roll_ids:
        leaving.stop_of(work, each)
