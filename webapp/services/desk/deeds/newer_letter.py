"""What a newer letter began is stopped: a takeover of the space, or a departure from one of
several."""

from webapp.models import Leaving
from webapp.rules.refusals import Refusal
from webapp.services.desk import whom
from webapp.services.household.leaving import LEAVING
from webapp.services.kernel import journal
from webapp.services.kernel.work import Work
from webapp.services.takeover import waiting


def stop(work: Work, roll_id: int, reason: str) -> None:
    """Both addresses are told. Raises Refusal("desk_nothing_waits") when it had its effect, or was
    stopped."""
    taken_over = waiting.stop_of(work, roll_id)
    leaves = waiting.stop_where(work, LEAVING, Leaving.roll_id == roll_id, by="operator")
    if not (taken_over or leaves):
        raise Refusal("desk_nothing_waits")
    whose = whom.concerned(work, roll_id)
    journal.write(work, "desk.newer_letter_stopped", **whose, reason=reason)
