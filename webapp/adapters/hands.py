"""The mails that this process's sender holds from their birth, oldest first."""

import time
from collections import deque
from collections.abc import Callable, Sequence

from webapp.services.mail.claims import ClaimedMail

MOST = 8  # beyond, a mail waits in the outbox, where every sender finds it
FRESH_SECONDS = 10.0  # the rest of the lease is longer than the worst dialogue with a relay


class Hands:
    """Filled by requests' threads, emptied by the sender's. `drop` gives mails back."""

    def __init__(self, drop: Callable[[Sequence[ClaimedMail]], None], wake: Callable[[], None]):
        self._drop, self._wake = drop, wake
        self._held: deque[tuple[ClaimedMail, float]] = deque()
        self._worker: str | None = None

    @property
    def empty(self) -> bool:
        """Whether nothing is held now."""
        return not self._held

    def open(self, worker: str) -> None:
        """Take mails from now on, under this name. Another process's are not ours."""
        self._held.clear()
        self._worker = worker

    def name(self) -> str | None:
        """The name of the worker that holds them; None when it takes none now."""
        return self._worker if len(self._held) < MOST else None

    def take(self, mails: Sequence[ClaimedMail]) -> None:
        """Mails that were just committed. Those that come after the end are given back."""
        now = time.monotonic()
        self._held.extend((each, now) for each in mails)
        if self._worker is None:
            self.close()
        self._wake()

    def next(self) -> ClaimedMail | None:
        """The next one to send; those that waited too long are given back to all."""
        while self._held:
            mail, since = self._held.popleft()
            if time.monotonic() - since <= FRESH_SECONDS:
                return mail
            self._drop([mail])
        return None

    def close(self) -> None:
        """Take no more, and give back what is left."""
        self._worker = None
        left = []
        while self._held:
            left.append(self._held.popleft()[0])
        if left:
            self._drop(left)
