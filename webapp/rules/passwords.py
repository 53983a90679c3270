"""Which passwords are too easy to guess. Nothing is asked about what they are made of."""

from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from itertools import pairwise
from unicodedata import normalize

from webapp.rules.accents import unaccented

MIN_LENGTH = 12
MAX_LENGTH = 128

# NFC makes one code point of four at most: a text longer than this stays too long.
_LONGEST_READ = 4 * MAX_LENGTH

# Shorter names, local parts, remainders and runs are found everywhere by chance.
_SHORTEST_TELLING = 4
_SHORTEST_RUN = 6
_LONGEST_REPEATED = 4

_MUTUAL = ("smie", "mutuelle", "mutualite", "mutualiste", "adherent")

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae"})
_LEET = str.maketrans("@4035$7", "aaoesst")
_ONE = (str.maketrans("1", "i"), str.maketrans("1", "l"))

# Folded. The top row of a French keyboard comes twice: digits, and the signs without shift.
_ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "12345678901",
    "&e\"'(-e_ca)=",
    *("azertyuiop", "qsdfghjklm", "wxcvbn"),
    *("qwertyuiop", "asdfghjkl", "zxcvbnm"),
    *("1aqw", "2zsx", "3edc", "4rfv", "5tgb", "6yhn"),
    *("1qaz", "2wsx"),
)
_STEPS = frozenset(step for row in _ROWS for way in (row, row[::-1]) for step in pairwise(way))


def weakness(
    password: str, *, email: str, member_number: str, names: Iterable[str] = ()
) -> str | None:
    """Return the key of the refusal that this password deserves, None when it is good.

    Keys: too_short, too_long (in code points, after NFC), contains_identity, contains_mutual,
    too_common. What a member recognises is told before what is merely common.
    """
    return _wrong_length(password) or _telling_weakness(
        _fold(password), email, member_number, names
    )


def characters(password: str) -> int:
    """How many it has, as they are judged and told: code points, after NFC."""
    return len(normalize("NFC", password))


def _wrong_length(password: str) -> str | None:
    """Its key, without reading a text that is too long anyhow."""
    if len(password) > _LONGEST_READ:
        return "too_long"
    length = characters(password)
    if length < MIN_LENGTH:
        return "too_short"
    return "too_long" if length > MAX_LENGTH else None


def _telling_weakness(
    folded: str, email: str, member_number: str, names: Iterable[str]
) -> str | None:
    """The key of what a guesser would try first."""
    if _contains_identity(folded, email, member_number, names):
        return "contains_identity"
    if any(word in spelling for spelling in _spellings(folded) for word in _MUTUAL):
        return "contains_mutual"
    return "too_common" if any(_is_common(face) for face in _faces(folded)) else None


def _fold(text: str) -> str:
    """Text without accents, case or ligatures; spaces and punctuation stay."""
    return unaccented(text).casefold().translate(_LIGATURES)


def _tight(folded: str) -> str:
    """Letters and digits only."""
    return "".join(char for char in folded if char.isalnum())


def _contains_identity(folded: str, email: str, member_number: str, names: Iterable[str]) -> bool:
    """Whether the e-mail, its local part, the member number or a name stands in the password."""
    address = "".join(_fold(email).split())
    number = _tight(_fold(member_number))
    if address and address in "".join(folded.split()):
        return True
    local_part = address.partition("@")[0].partition("+")[0]
    telling = [_tight(text) for text in (local_part, *map(_fold, names))]
    needles = [text for text in telling if len(text) >= _SHORTEST_TELLING]
    if number:
        needles.append(number)
    tight = _tight(folded)
    return any(needle in tight for needle in needles)


def _spellings(folded: str) -> Iterator[str]:
    """The text as it is, then with look-alike digits and signs read as letters (1 is i or l)."""
    yield folded
    for one in _ONE:
        yield folded.translate(_LEET).translate(one)


def _faces(folded: str) -> set[str]:
    """What a guesser sees in it: with and without separators, ends cut, look-alikes read."""
    faces: set[str] = set()
    for text in (folded, _tight(folded)):
        edge = _edge(text)
        for cut in (text, text.strip(edge), text.lstrip(edge), text.rstrip(edge)):
            faces.update(_spellings(cut))
    return {face for face in faces if len(face) >= _SHORTEST_TELLING}


def _edge(text: str) -> str:
    """Everything in the text that is not a letter, to be cut from its ends."""
    return "".join({char for char in text if not char.isalpha()})


def _is_common(face: str) -> bool:
    return face in _common() or _is_run(face) or _has_short_period(face) or _repeats_a_word(face)


def _is_run(face: str) -> bool:
    """Whether it walks along keyboard rows or the alphabet, with one jump in eight at most."""
    jumps = sum(pair[0] != pair[1] and pair not in _STEPS for pair in pairwise(face))
    return len(face) >= _SHORTEST_RUN and jumps <= len(face) // 8


def _has_short_period(face: str) -> bool:
    """Whether it is one short piece again and again (the last one may be cut)."""
    periods = range(1, min(_LONGEST_REPEATED, len(face) // 2) + 1)
    return any(face[period:] == face[:-period] for period in periods)


def _repeats_a_word(face: str) -> bool:
    """Whether it is a common word, or a number, written twice or more."""
    piece = face[: (face + face).find(face, 1)]
    if len(piece) == len(face):
        return False
    return piece.isdigit() or piece in _common() or piece.strip(_edge(piece)) in _common()


@cache
def _common() -> frozenset[str]:
    """The common passwords and stems, folded, one a line in the file; read once."""
    text = files("webapp.rules").joinpath("common_passwords.txt").read_text(encoding="utf-8")
    return frozenset(text.splitlines())
