"""A world that stands still: time moves when a test says so, chance counts upwards."""

import functools
import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from webapp.adapters.keys import KeyedSeals
from webapp.adapters.world import real_world
from webapp.rules.credentials import ACCESS_ALPHABET, ACCESS_CODE_SIGNS
from webapp.services.kernel.local_queue import LocalQueue
from webapp.services.kernel.world import World
from webapp.settings import Settings

START = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
PASSWORD = "quatre mots sans rapport"
NEW_PASSWORD = "cinq autres mots bien choisis"


def test_settings(**changes: object) -> Settings:
    """Settings for tests: a loopback address, argon2 as light as it goes."""
    values: dict[str, object] = {
        "secret_key": "a secret key of the tests, long enough",
        "public_url": "http://localhost",
        "mail_server": "127.0.0.1",
        "argon2_time_cost": 1,
        "argon2_memory_cost": 8,
    }
    return Settings(**(values | changes))  # type: ignore[arg-type]


test_settings.__test__ = False  # type: ignore[attr-defined]  # a name, not a test


class StillClock:
    """A clock that a test moves."""

    def __init__(self, start: datetime = START):
        self.time = start

    def now(self) -> datetime:
        return self.time

    def advance(self, **span: float) -> None:
        """`advance(minutes=5)`: any of timedelta's arguments."""
        self.time += timedelta(**span)


class CountingChance:
    """Chance that counts: every value differs, and the last code is known."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self.last_code = ""

    def token(self) -> str:
        return f"token-{next(self._numbers):037d}"

    def row_id(self) -> str:
        return f"{next(self._numbers):032x}"

    def digits(self, count: int) -> str:
        self.last_code = f"{next(self._numbers) + 10 ** (count - 1):0{count}d}"
        return self.last_code

    def access_code(self) -> str:
        number, signs = next(self._numbers), ""
        for _ in range(ACCESS_CODE_SIGNS):
            number, digit = divmod(number, len(ACCESS_ALPHABET))
            signs = ACCESS_ALPHABET[digit] + signs
        return signs


@functools.cache
def _standing() -> World:
    """What no test moves: the brand, mails and terms, read once a process."""
    return real_world(test_settings())


def still_world(settings: Settings | None = None) -> World:
    """The real keys, mails and (light) argon2, with a still clock and counting chance."""
    clock, chance = StillClock(), CountingChance()
    if settings is not None:
        return real_world(settings, clock=clock, chance=chance)
    ours = test_settings()
    seals = KeyedSeals(ours.secret_key, ours.public_url, clock)
    return replace(_standing(), clock=clock, chance=chance, seals=seals, local_queue=LocalQueue())
