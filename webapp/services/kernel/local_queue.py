"""The mails that this process's sender sends without looking for them, oldest first."""

import queue
import threading
import time
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

MOST = 8  # beyond, a mail waits in the outbox, where every sender finds it
FRESH_SECONDS = 10.0  # the rest of the lease is longer than the worst dialogue with a relay

Mail = TypeVar("Mail")


class LocalQueue(Generic[Mail]):
    """Filled by requests' threads, emptied by the sender's. Closed until a sender opens it: what
    is put into a closed or full queue is given back to all senders.

    `awake` is set when the sender has something to do, `outbox_waits` when a mail is in the outbox
    that is not in this queue.
    """

    def __init__(self, fresh_seconds: float = FRESH_SECONDS) -> None:
        self.awake = threading.Event()
        self.outbox_waits = False
        self._fresh_seconds = fresh_seconds
        self._mails: queue.Queue[tuple[Mail, float]] = queue.Queue(MOST)
        self._worker: str | None = None
        self._give_back: Callable[[Sequence[Mail]], None] = lambda _mails: None

    @property
    def worker(self) -> str | None:
        """Who would send a mail that is put here; None when it takes none now."""
        return None if self._mails.full() else self._worker

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits here now."""
        return self._mails.empty()

    def wake(self) -> None:
        """There is a mail in the outbox: don't wait for the next look."""
        self.outbox_waits = True
        self.awake.set()

    def open(self, worker: str, give_back: Callable[[Sequence[Mail]], None]) -> None:
        """Take mails from now on for this worker, which gives back those that it can't send. A
        forked process begins with an empty queue: its parent's mails are its parent's."""
        self._mails = queue.Queue(MOST)
        self._worker, self._give_back = worker, give_back

    def put(self, mail: Mail) -> None:
        """A mail that was claimed for `worker` and committed."""
        try:
            self._mails.put_nowait((mail, time.monotonic()))
        except queue.Full:
            self._give_back([mail])
            self.wake()
        if self._worker is None:  # closed between the claim and the commit
            self.close()
        self.awake.set()

    def next(self) -> Mail | None:
        """The next one to send; those that waited too long are given back."""
        while (taken := self._taken()) is not None:
            mail, since = taken
            if time.monotonic() - since <= self._fresh_seconds:
                return mail
            self._give_back([mail])
        return None

    def close(self) -> None:
        """Take no more, and give back what is left."""
        self._worker = None
        left = []
        while (taken := self._taken()) is not None:
            left.append(taken[0])
        if left:
            self._give_back(left)

    def _taken(self) -> tuple[Mail, float] | None:
        try:
            return self._mails.get_nowait()
        except queue.Empty:
            return None
