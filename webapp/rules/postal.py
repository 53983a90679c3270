"""A postal address as the roll keeps it: the lines of the envelope, as the mutual wrote them."""

import re
from collections.abc import Sequence

LINES = 6
LINE_MAX = 38  # signs a line: NF Z10-011, what a window and the sorting machines take
LINE_ROOM = 120  # signs that the roll keeps of a line: it is warned about, not cut
ADDRESS_ROOM = LINES * (LINE_ROOM + 1)
_TOO_LONG = re.compile(rf"[^\n]{{{LINE_MAX + 1},}}")


def joined(lines: Sequence[str]) -> str:
    """The lines that say something, one below the other; "" for none."""
    return "\n".join(line for line in lines if line)


def lines(address: str) -> list[str]:
    """The lines of a stored address."""
    return address.split("\n") if address else []


def too_long(address: str) -> list[str]:
    """The lines that an envelope's window may cut."""
    return _TOO_LONG.findall(address)
