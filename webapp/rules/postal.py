"""A postal address as the roll keeps it: the lines of the envelope, as the mutual wrote them."""

import re
from collections.abc import Sequence

from webapp.rules.accents import plain_words

LINES = 6  # what every window shows, with the name
LINE_MAX = 38  # signs a line: NF Z10-011, what a window and the sorting machines take
LINE_ROOM = 120  # signs that the roll keeps of a line: it is warned about, not cut
ADDRESS_ROOM = LINES * (LINE_ROOM + 1)
_TOO_LONG = re.compile(rf"[^\n]{{{LINE_MAX + 1},}}")
_CIVILITIES = frozenset(["m", "mr", "mme", "mlle", "monsieur", "madame", "mademoiselle", "famille"])
_POSTAL_CODE = re.compile(r"(?:F-)?(\d\d) ?(\d{3})(?!\S)", re.ASCII)  # at the start of its line
_WORD = re.compile(r"[^\W\d_]{2,}")


def joined(lines: Sequence[str]) -> str:
    """The lines that say something, one below the other; "" for none."""
    return "\n".join(line for line in lines if line)


def lines(address: str) -> list[str]:
    """The lines of a stored address."""
    return address.split("\n") if address else []


def too_long(address: str) -> list[str]:
    """The lines that an envelope's window may cut."""
    return _TOO_LONG.findall(address)


def envelope(address: list[str], name: str, last_name: str, first_name: str) -> list[str]:
    """The lines of the envelope: those of the roll, the member's name above where the first of
    them does not hold it."""
    if not name or (address and _holds(address[0], name, last_name, first_name)):
        return address
    return [name, *address]


def _holds(line: str, name: str, last_name: str, first_name: str) -> bool:
    """Whether a line is the member's name: their last name, and how they are called beside it.
    A « 12 RUE ROYALE » is not where M. Roy reads his, nor is « RESIDENCE LE ROY »."""
    words, last, first = map(plain_words, (line, last_name, first_name))
    if not last or words == last:
        return words == last or line == name
    if not any(words[at : at + len(last)] == last for at in range(len(words))):
        return False
    called = {each[:size] for each in first[:1] for size in (1, len(each))}
    return words[0] in _CIVILITIES or not called.isdisjoint(words)


def postal_code(address: str) -> str | None:
    """The five digits before the town, None where no line begins with them."""
    found = (_POSTAL_CODE.match(line) for line in reversed(lines(address)))
    return next((each[1] + each[2] for each in found if each), None)


def masked(address: Sequence[str]) -> list[str]:
    """The address as its owner can be asked for it, and nobody copies it: « 12 r••• H•••,
    38000 GRENOBLE ». The line of the postal code stays whole."""
    return [
        line if _POSTAL_CODE.match(line) else _WORD.sub(lambda word: f"{word[0][0]}•••", line)
        for line in address
    ]
