"""Another paper letter for members who lost theirs, or both mailbox and password.

The former code dies at once, and with it all that it had begun. For a member who has an account
the new one is a newer letter: it takes the account over (services/takeover/waiting.py).
"""

from collections.abc import Sequence

from webapp.services.kernel.work import Work
from webapp.services.letters import batches
from webapp.services.letters.batches import Batch, Maker
from webapp.services.letters.choosing import Choice, Choosing, room_for_all
from webapp.services.roll.import_file import take_turn


class GetsNoLetter(Exception):
    """Nothing is changed. `number` of the first member who may get none, and its `reason`, a key of
    rules/letters.py: parti, decede, refus, npai."""

    def __init__(self, number: str, reason: str):
        super().__init__(number)
        self.number, self.reason = number, reason


def reissue(work: Work, numbers: Sequence[str], *, maker: Maker) -> Batch:
    """A batch of a new letter for each member, by their number as the mutual writes it, with a
    postal address or without.

    Raises NotOnTheRoll, GetsNoLetter, RollRefused("busy"), at once while an import runs.
    """
    take_turn(work)
    choice = Choice(numbers=tuple(numbers), no_address_needed=True)
    asked = Choosing(work, choice, room_for_all)
    for _ in asked.chunks():
        if asked.passed_over:
            raise GetsNoLetter(*asked.passed_over[0])
    return batches.make(work, choice, maker=maker, unfit=room_for_all).batch
