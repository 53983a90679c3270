"""A mail to try the relay with: sent at once, past the outbox; it has no row there and no code."""

from webapp.services.kernel.work import Work
from webapp.services.kernel.world import ClaimedMail


class TrialRefused(Exception):
    """Why the relay did not take it, and the settings to look at, in French."""


def written(work: Work, to: str) -> ClaimedMail:
    """The mail, as a worker would have claimed it."""
    mail = work.world.mails.write("trial", work.now)
    return ClaimedMail(work.world.chance.row_id(), "trial", to, mail, 1, work.now)
