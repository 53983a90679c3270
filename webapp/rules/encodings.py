"""Which encoding of one byte a letter a roll was written in, by what French names look like.

Almost any bytes are letters in each of the four, so that none of them is ever refused by a decoder.
What tells them apart is that « H‚lŠne » is nobody. Each reading of each accented word is weighed
by how often names have such a letter, whether its case is that of its neighbours, whether it is a
letter at all, and whether it makes a word that rolls are full of. The weights are logarithms, so
that they add up as chances multiply; the same words always give the same answer.
"""

from collections.abc import Collection
from dataclasses import dataclass
from math import log

from webapp.rules.french_words import FRENCH_WORDS

WINDOWS, LATIN9, DOS, MAC = "cp1252", "iso8859-15", "cp850", "mac_roman"
NAMES = {  # as they are shown, and as they are given to `--encoding`
    "utf-8": "utf-8",
    "utf-16": "utf-16",
    WINDOWS: "windows-1252",
    LATIN9: "iso-8859-15",
    DOS: "cp850",
    MAC: "mac-roman",
}
OTHER_NAMES = {
    "utf8": "utf-8",
    "utf16": "utf-16",
    "cp1252": WINDOWS,
    "ansi": WINDOWS,
    "latin1": WINDOWS,  # spreadsheets that say so mean it
    "latin-1": WINDOWS,
    "iso-8859-1": WINDOWS,
    "latin9": LATIN9,
    "latin-9": LATIN9,
    "ibm850": DOS,
    "ms-dos": DOS,
    "dos": DOS,
    "mac": MAC,
    "macintosh": MAC,
}
SURE = log(100)  # how much likelier a reading must be than any that says something else

_HABIT = {WINDOWS: 0.0, LATIN9: -1.0, DOS: -3.0, MAC: -3.0}  # how often rolls come in it
_PER_CENT = {  # of the accented letters of French names
    "é": 60, "è": 12, "ç": 5, "ë": 4, "ï": 3, "ô": 3, "ê": 2, "î": 2, "â": 1.5, "ü": 1,
    "ö": 0.8, "û": 0.7, "ä": 0.5, "à": 0.3, "œ": 0.3, "ñ": 0.3, "á": 0.2, "í": 0.2, "ó": 0.2,
    "ã": 0.2, "ú": 0.1, "ÿ": 0.1, "ù": 0.1, "æ": 0.1,
}  # fmt: skip
_LETTER = {letter: log(share / 100) for letter, share in _PER_CENT.items()}
_RARE = log(0.02 / 100)
_APOSTROPHE, _SOFT, _SYMBOL, _WORD = -1.0, -3.0, -14.0, 5.0
_CAPITAL_INSIDE, _SMALL_INSIDE = -7.0, -3.0
_TYPOGRAPHIC = frozenset("«»–—…°ºª²³€®™·‘“”’\u00a0")  # they stand beside words


@dataclass(frozen=True)
class Choice:
    """The likeliest reading. When it is not sure, all that differ, the likeliest first."""

    encoding: str
    doubts: tuple[str, ...] = ()


def named(name: str) -> str | None:
    """The encoding that an operator means, None when it is none of ours."""
    plain = name.strip().lower().replace("_", "-")
    known = {shown: encoding for encoding, shown in NAMES.items()} | OTHER_NAMES
    return known.get(plain)


def choose(words: Collection[bytes]) -> Choice:
    """What the words with a byte beyond ASCII were written in."""
    weights = {encoding: _HABIT[encoding] + _weight(words, encoding) for encoding in _HABIT}
    best = max(weights, key=lambda encoding: weights[encoding])
    others = list[str]()
    for encoding in sorted(weights, key=lambda encoding: -weights[encoding]):
        if not any(_alike(words, told, encoding) for told in (best, *others)):
            others.append(encoding)
    close = any(weights[best] - weights[encoding] < SURE for encoding in others)
    return Choice(best, (best, *others) if close or _strange(words, best) else ())


def _alike(words: Collection[bytes], one: str, other: str) -> bool:
    return all(word.decode(one, "replace") == word.decode(other, "replace") for word in words)


def _weight(words: Collection[bytes], encoding: str) -> float:
    return sum(_word(word.decode(encoding, "replace")) for word in words)


def _strange(words: Collection[bytes], encoding: str) -> bool:
    """Whether even the likeliest reading has too many words that no name looks like."""
    odd = 0
    for raw in words:
        word = raw.decode(encoding, "replace")
        odd += any(
            _sign(word, at) < _CAPITAL_INSIDE for at, sign in enumerate(word) if not sign.isascii()
        )
    return odd * 5 > len(words)


def _word(word: str) -> float:
    told = sum(_sign(word, at) for at, sign in enumerate(word) if not sign.isascii())
    parts = word.lower().replace("’", "'").split("'")
    return told + (_WORD if any(part in FRENCH_WORDS for part in parts) else 0.0)


def _sign(word: str, at: int) -> float:
    """How likely this sign is where it stands."""
    sign, before, after = word[at], word[at - 1 : at], word[at + 1 : at + 2]
    if sign == "’" and before.isalpha() and after.isalpha():
        return _APOSTROPHE
    if sign in _TYPOGRAPHIC:
        return _SOFT + (_SOFT if before.isalpha() and after.isalpha() else 0.0)
    if not sign.isalpha() or sign in "ƒªº":
        return _SYMBOL
    weight = _LETTER.get(sign.lower(), _RARE)
    if sign.isupper() and before.islower():
        weight += _CAPITAL_INSIDE
    elif sign.islower() and before.isupper() and after.isupper():
        weight += _SMALL_INSIDE
    return weight
