"""Time and chance, as the machine has them. The only file that may ask for either."""

import secrets
from datetime import UTC, datetime

from webapp.rules.credentials import ACCESS_ALPHABET, ACCESS_CODE_SIGNS

_PAIRS = [first + second for first in ACCESS_ALPHABET for second in ACCESS_ALPHABET]
_PLACES = range(0, 5 * ACCESS_CODE_SIGNS, 10)  # two signs, of 5 bits each, at a time


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Now, aware, UTC."""
        return datetime.now(UTC)


class SystemChance:
    """The operating system's generator (`secrets`)."""

    def token(self) -> str:
        """256 bits, URL-safe."""
        return secrets.token_urlsafe(32)

    def row_id(self) -> str:
        """128 bits as 32 hexadecimal digits."""
        return secrets.token_hex(16)

    def digits(self, count: int) -> str:
        """`count` decimal digits, leading zeros kept."""
        return f"{secrets.randbelow(10**count):0{count}d}"

    def access_code(self) -> str:
        """12 signs of 5 bits each: 60 bits."""
        value = secrets.randbits(5 * ACCESS_CODE_SIGNS)
        return "".join([_PAIRS[(value >> at) & 1023] for at in _PLACES])
