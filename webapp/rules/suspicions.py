"""Signs that no name has: what is left of a text that was read in the wrong encoding once.

A name that shows one was spoilt before it came here, or is being spoilt now. Which reason is told
matters less than that somebody looks.
"""

import re
import unicodedata

# « é » written as UTF-8 and read as Windows-1252 is « Ã© »: a lead and one or two followers.
_FOLLOWERS = "".join(
    sorted({bytes([code]).decode("cp1252", "replace") for code in range(0x80, 0xC0)} - {"\ufffd"})
)
_TWICE = re.compile(f"[\u00c2-\u00df\u00e0-\u00ef][{re.escape(_FOLLOWERS)}\u0080-\u009f]")
_ENTITY = re.compile(r"&(?:[A-Za-z]{2,8}|#\d{2,5}|#x[0-9A-Fa-f]{2,4});")
_SPOILT = (
    (re.compile("\ufffd"), "un signe de remplacement (« \ufffd ») : une lettre y a été perdue"),
    (re.compile(r"\?"), "un point d’interrogation : une lettre y a sans doute été perdue"),
    (_TWICE, "un texte encodé deux fois"),
    (_ENTITY, "un code HTML à la place d’une lettre"),
)
_CAPITAL_INSIDE = re.compile(
    r"(?:(?<=[a-zà-öø-ÿ])[^\W\d_]|(?<=[A-Z])[ŠŒŽ])(?=[a-zà-öø-ÿ])"  # « GŽrard »: Mac Roman
)
_IN_NAMES = frozenset("’ʼ‑\u00a0\u202f")  # beside the signs of ASCII
_FOLLOWER = {"’": "\x01", "œ": "\x02"}  # signs of names beyond Latin-1, each as one of its bytes
_SUSPECT = (b"!", b"aEa", b"aEe", b"eEa", b"eEe", b"Ef", b"ef")


def _kinds() -> bytes:
    """Of each byte of Latin-1: a small letter (a, with an accent e), a capital with an accent (E),
    what else names have (a blank), or what must be looked at (!). f: a sign that follows E or e
    where a text was encoded twice."""
    kinds = bytearray(b"!" * 256)
    for code in range(256):
        sign = chr(code)
        if sign.isalpha() and code not in {0xAA, 0xB5, 0xBA}:
            small = "a" if code < 0x80 else "e"
            kinds[code] = ord(small if sign.islower() else " " if code < 0x80 else "E")
        elif code < 0x80 and sign not in "?&":
            kinds[code] = ord(" ")
    for follower in _FOLLOWER.values():
        kinds[ord(follower)] = ord("f")
    return bytes(kinds)


_KINDS = _kinds()


def may_be_suspect(names: str) -> bool:
    """Whether one of these names, joined by blanks, may be suspect: at a glance, for almost none
    is. Bytes are the quickest thing to look at in Python."""
    try:
        told = names.replace("’", _FOLLOWER["’"]).replace("œ", _FOLLOWER["œ"])
        seen = told.encode("latin-1").translate(_KINDS)
    except UnicodeEncodeError:
        return True
    return any(each in seen for each in _SUSPECT)


def suspicion(text: str) -> str | None:
    """Why a name is suspect, in French, None when nothing speaks against it."""
    if text.isascii() and text.replace("-", "").replace("'", "").replace(" ", "").isalpha():
        return None
    return next((reason for form, reason in _SPOILT if form.search(text)), None) or _sign(text)


def _sign(text: str) -> str | None:
    for sign in text:
        if sign.isascii() or sign.isalpha() or sign.isdecimal() or sign in _IN_NAMES:
            continue
        kind = unicodedata.category(sign)
        if kind in {"Cf", "Cc", "Co", "Cn", "Zl", "Zp"}:
            return f"un signe invisible (U+{ord(sign):04X})"
        if kind[0] != "M":  # marks are accents that were not composed
            return f"un signe qu’aucun nom n’a (« {sign} »)"
    for found in _CAPITAL_INSIDE.finditer(text):
        if found[0].isupper() and not found[0].isascii():
            return f"une majuscule au milieu d’un nom (« {found[0]} »)"
    return None
