"""The real hasher, watched or in another's hands."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from webapp.adapters.argon2 import Argon2Hasher


class CountingHasher(Argon2Hasher):
    """Light, and keeps the settings of every computation that a check cost, in their order."""

    def __init__(self) -> None:
        super().__init__(1, 8, 1)
        self.computed: list[str] = []

    def _matches(self, stored: str, typed: str) -> bool:
        self.computed.append(stored.rpartition("$")[0].rpartition("$")[0])
        return super()._matches(stored, typed)


class OneSeat(Argon2Hasher):
    """One check at a time, and nobody waits for it."""

    def __init__(self) -> None:
        super().__init__(1, 8, 1, at_once=1, wait_seconds=0)

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Another thread holds the seat."""
        held, leave = threading.Event(), threading.Event()

        def hold() -> None:
            with self._room:
                held.set()
                leave.wait(60)

        other = threading.Thread(target=hold)
        other.start()
        assert held.wait(60)
        try:
            yield
        finally:
            leave.set()
            other.join()
