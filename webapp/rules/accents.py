"""Letters without their accents, to compare what people write with or without them."""

import re
from unicodedata import combining, normalize

_BETWEEN = re.compile(r"[\W_]+")
_LETTERS = str.maketrans({"đ": "d", "ø": "o", "ł": "l", "œ": "oe", "æ": "ae"})


def unaccented(text: str) -> str:
    """The text in compatibility form (NFKD) without its combining marks."""
    return "".join(sign for sign in normalize("NFKD", text) if not combining(sign))


def plain_words(text: str) -> list[str]:
    """The words as envelopes write them: no accents, no case, no signs between."""
    plain = text.casefold()
    if not plain.isascii():
        plain = unaccented(plain.translate(_LETTERS))
    return _BETWEEN.sub(" ", plain).split()


def are_alike(text: str, other: str) -> bool:
    """Whether two names are the same but for accents, case, hyphens, apostrophes and spaces."""
    return letters(text) == letters(other)


def letters(text: str) -> str:
    """What of a name tells it from others."""
    return "".join(plain_words(text))
