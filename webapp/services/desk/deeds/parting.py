"""A member is parted from the space that they share."""

from webapp.rules.refusals import Refusal
from webapp.services.desk import whom
from webapp.services.household import parting
from webapp.services.kernel.work import Work


def part(work: Work, roll_id: int, reason: str) -> None:
    """Out of it at once; the others keep it. Raises Refusal("desk_alone")."""
    member = whom.find(work, roll_id)
    try:
        parting.part(work, member.number, reason=reason)
    except parting.Alone:
        raise Refusal("desk_alone") from None
