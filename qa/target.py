"""What a run plays: an address, a mailbox, a clock that nobody can move from outside."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from player.members import Letter
from player.scene import NotHere
from qa.letters import Letters
from qa.mailboxes import Mailbox

WORTH_WAITING = timedelta(seconds=90)


class RealClock:
    """Short spans are waited for, long ones end the procedure: `say` tells the tester.

    What apps on a phone show follows this machine's clock, like the portal's.
    """

    def __init__(self, say: Callable[[str], None]):
        self._say = say

    def now(self) -> datetime:
        return datetime.now(UTC)

    def advance(self, **span: float) -> None:
        """Let the time pass. Raises NotHere when that takes longer than a tester waits."""
        wait = timedelta(**span)
        if wait > WORTH_WAITING:
            raise NotHere(f"il faut attendre {_in_words(wait)}")
        self._say(f"attente de {_in_words(wait)}…")
        threading.Event().wait(wait.total_seconds())


@dataclass(frozen=True)
class Target:
    """The deployment that is played, as scripts know it: where tests have a stage.

    What its operators do can't be done from outside: the tester is told who does it, and where.
    """

    url: str
    post_office: Mailbox
    clock: RealClock
    letters: Letters

    def sends_letter_beside(self, letter: Letter) -> Letter:
        """The next test member's, who gives this one's address."""
        if not self.letters:
            raise NotHere(
                "il faut un courrier de plus : « flask qa members make » en fait, d’autres tests "
                "ont pris ceux de ce fichier"
            )
        return replace(self.letters.take(), email=letter.email)

    def sends_another_letter_to(self, letter: Letter) -> Letter:
        raise NotHere(
            f"sur la machine du portail, « flask members reissue {letter.number} --letters "
            "courrier.csv » fait le nouveau courrier : cette procédure ne se joue pas d’ici"
        )

    def has_older_terms(self, letter: Letter) -> None:
        raise NotHere(
            "il faut que la mutuelle ait changé ses conditions depuis l’inscription de "
            f"{letter.number} : cette procédure ne se joue pas d’ici"
        )


def _in_words(span: timedelta) -> str:
    hours, seconds = divmod(int(span.total_seconds()), 3600)
    if hours:
        return f"{hours} h"
    return f"{seconds // 60} min" if seconds > WORTH_WAITING.total_seconds() else f"{seconds} s"
