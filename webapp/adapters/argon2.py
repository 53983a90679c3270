"""Passwords as argon2id hashes, a few at a time so that a rush cannot exhaust the memory."""

from contextlib import AbstractContextManager
from threading import BoundedSemaphore
from types import TracebackType

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from webapp.adapters import memory
from webapp.rules.credentials import password as normal_form
from webapp.rules.refusals import Refusal

AT_ONCE = 4  # a process: 4 x 19 MiB with the default settings
WAIT_SECONDS = 10


class Argon2Hasher:
    """argon2id, at least OWASP's floor (t=2, m=19 MiB, p=1) by default."""

    def __init__(
        self,
        time_cost: int,
        memory_cost: int,
        parallelism: int,
        *,
        at_once: int = AT_ONCE,
        wait_seconds: float = WAIT_SECONDS,
    ):
        self._argon2 = PasswordHasher(time_cost, memory_cost, parallelism)
        self._room, self._wait = BoundedSemaphore(at_once), wait_seconds
        self._nobody = self._argon2.hash("the hash that is checked when there is none")

    def hash(self, password: str) -> str:
        """The hash, with its settings and salt. Raises Refusal("busy") when there is no room."""
        with _Seat(self._room, self._wait):
            return self._argon2.hash(normal_form(password))

    def verify(self, password_hash: str | None, password: str) -> bool:
        """Whether they match; None, or a hash wiped to "", does the same work and never matches."""
        with _Seat(self._room, self._wait):
            try:
                self._argon2.verify(password_hash or self._nobody, normal_form(password))
            except (VerificationError, InvalidHashError):
                return False
        return bool(password_hash)

    def outdated(self, password_hash: str) -> bool:
        """Whether today's settings differ from the hash's."""
        return self._argon2.check_needs_rehash(password_hash)


class _Seat(AbstractContextManager[None]):
    """One of the seats, or Refusal("busy") after a while."""

    def __init__(self, room: BoundedSemaphore, wait: float):
        self._room, self._wait = room, wait

    def __enter__(self) -> None:
        if not self._room.acquire(timeout=self._wait):
            raise Refusal("busy")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._room.release()
        memory.note_use()
