"""Passwords as argon2id hashes, a few at a time so that a rush cannot exhaust the memory."""

import os
import re
from collections.abc import Collection
from contextlib import AbstractContextManager
from threading import BoundedSemaphore
from types import TracebackType

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from webapp.adapters import malloc
from webapp.rules.credentials import password as normal_form
from webapp.rules.refusals import Refusal

PROCESSES = "PORTAL_PROCESSES"  # of this host's server, set by gunicorn.conf.py
WAIT_SECONDS = 10
_SETTINGS = re.compile(r"(\$argon2id\$v=\d+\$[^$]+)\$")
_NOBODY = f"${'A' * 22}${'A' * 43}"  # a salt of 16 bytes, a hash of 32: what `hash` makes


class Argon2Hasher:
    """argon2id; by default exactly the least that OWASP asks for (t=2, m=19 MiB, p=1)."""

    def __init__(
        self,
        time_cost: int,
        memory_cost: int,
        parallelism: int,
        *,
        at_once: int | None = None,
        wait_seconds: float = WAIT_SECONDS,
    ):
        self._argon2 = PasswordHasher(time_cost, memory_cost, parallelism)
        self.settings = f"$argon2id$v=19$m={memory_cost},t={time_cost},p={parallelism}"
        seats = share() if at_once is None else at_once
        self._room, self._wait = BoundedSemaphore(seats), wait_seconds

    def hash(self, password: str) -> str:
        """The hash, with its settings and salt. Raises Refusal("busy") when there is no room."""
        with _Seat(self._room, self._wait):
            return self._argon2.hash(normal_form(password))

    def verify(
        self, password_hash: str | None, password: str, in_use: Collection[str] = ()
    ) -> bool:
        """Whether they match; None, or a hash wiped to "", does the same work and never matches.

        The work is one computation with the hash's settings and one with each others `in_use`.
        """
        stored = password_hash or ""
        found = _SETTINGS.match(stored)
        own, typed, right = found[1] if found else "", normal_form(password), False
        with _Seat(self._room, self._wait):
            for each in sorted({own or self.settings, *in_use}):
                matches = self._matches(stored if each == own else each + _NOBODY, typed)
                right |= matches and each == own
        return right

    def _matches(self, stored: str, typed: str) -> bool:
        """One computation of argon2, whatever comes out."""
        try:
            return self._argon2.verify(stored, typed)
        except (VerificationError, InvalidHashError):
            return False

    def outdated(self, password_hash: str) -> bool:
        """Whether today's settings differ from the hash's."""
        return self._argon2.check_needs_rehash(password_hash)


def share() -> int:
    """How many this process checks at once: as many as it has processors to itself. More would
    end no sooner, evict one another's 19 MiB from the caches, and have the kernel clear more."""
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2
    return max(1, processors // int(os.environ.get(PROCESSES) or 1))


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
        malloc.note_use()
