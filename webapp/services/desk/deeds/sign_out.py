"""Everybody is signed out of a member's space: a telephone was stolen, say."""

from webapp.rules.refusals import Refusal
from webapp.services.account import sign_out_everywhere
from webapp.services.desk import whom
from webapp.services.kernel.work import Work


def everywhere(work: Work, roll_id: int, reason: str) -> None:
    """Every session ends and every remembered device is forgotten, of those too who share the
    space. Raises Refusal("desk_no_space")."""
    member = whom.find(work, roll_id)
    if not sign_out_everywhere.shut(work, [member.number], reason=reason):
        raise Refusal("desk_no_space")
