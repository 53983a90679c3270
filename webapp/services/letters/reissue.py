"""Another paper letter for members who lost theirs, or both mailbox and password.

The former code dies at once, and with it all that it had begun. For a member who has an account
the new one is a newer letter: it takes the account over (services/takeover/waiting.py).
"""

from collections.abc import Sequence

from webapp.services.kernel.work import Work
from webapp.services.letters import batches
from webapp.services.letters.batches import Batch, Maker
from webapp.services.letters.choosing import Choice, room_for_all
from webapp.services.roll.import_file import take_turn


def reissue(work: Work, numbers: Sequence[str], *, maker: Maker) -> Batch:
    """A batch of a new letter for each member, by their number as the mutual writes it, with a
    postal address or without.

    Raises NotOnTheRoll, GetsNoLetter, RollRefused("busy"), at once while an import runs.
    """
    take_turn(work)
    choice = Choice(numbers=tuple(numbers), each_of_them=True, no_address_needed=True)
    return batches.make(work, choice, maker=maker, unfit=room_for_all).batch
