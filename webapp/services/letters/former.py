"""What members began with a letter that is worth nothing any more."""

from collections.abc import Sequence

from sqlalchemy import delete

from webapp.models import Registration
from webapp.services.kernel.work import Work
from webapp.services.takeover import waiting


def end_begun(work: Work, roll_ids: Sequence[int]) -> None:
    """It ends at once: registrations that are not confirmed, and takeovers that wait."""
    begun = Registration.roll_id.in_(roll_ids), Registration.state != "confirmed"
    work.db.execute(delete(Registration).where(*begun))
    for each in roll_ids:
        waiting.stop_of(work, each)
