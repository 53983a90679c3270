"""Shapes and normal forms of what a member types. Typing is forgiven, meaning is not guessed.

Every function takes any text at all and returns the normal form, or None when the text cannot
be what it should be. None of them cuts anything off to make it fit.
"""

import re
import string
import unicodedata
from collections.abc import Sequence

NUMBER_MAX, ACCESS_CODE_MIN, ACCESS_CODE_MAX, EMAIL_MAX = 32, 6, 64, 254
SECURITY_CODE_DIGITS, ACTIVATION_CODE_DIGITS, APP_CODE_DIGITS = 6, 13, 6
RECOVERY_CODE_SIGNS, RECOVERY_CODES = 8, 10  # 8 x 5 = 40 bits, shown XXXX-XXXX
NAME_MAX = 60  # what a member calls a passkey or an app

ACCESS_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # 32 signs, no I, L, O, U: 5 bits each
ACCESS_CODE_SIGNS, ACCESS_CODE_GROUP = 12, 4  # 12 x 5 = 60 bits, shown XXXX-XXXX-XXXX

_CAPITALS = str.maketrans(string.ascii_lowercase, string.ascii_uppercase)
_NUMBER_SIGN = re.compile(r"^\s*n\s*°", re.IGNORECASE)
_SEPARATORS = re.compile(r"[\s\-‐‑‒–—−_.·/]+")
_LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})
_TYPED = {  # ASCII letters and separators as `access_code` reads them, but for line breaks
    **{ord(sign): sign.upper().translate(_LOOKALIKES) for sign in string.ascii_letters},
    **dict.fromkeys(map(ord, " \t\r\v\f\x1c\x1d\x1e\x1f-_./")),
}
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
# What a copied address or code may carry and nobody sees: directions of writing, soft hyphens,
# spaces of no width. Not the two joiners (200C, 200D), which some domain names need.
_DIRECTIONS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
_UNSEEN = dict.fromkeys(map(ord, _DIRECTIONS + "\u00ad\u061c\u200b\u200e\u200f\u2060"))
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'"})


def has_control_characters(text: str) -> bool:
    """Whether the text holds a control, bidirectional, separator or unassigned-surrogate sign."""
    return any(
        unicodedata.category(sign) in {"Cc", "Cs", "Zl", "Zp"} or sign in _DIRECTIONS
        for sign in text
    )


def visible(text: str) -> str:
    """The text without the invisible signs that come with what is pasted."""
    return text if text.isascii() else text.translate(_UNSEEN)


def _compact(text: str) -> str:
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return (text if text.isalnum() else _SEPARATORS.sub("", text)).upper()


def identity(number: str) -> str:
    """What makes two member numbers the same one: how the mutual writes them, but for spaces and
    for the case of ASCII letters. A dot, a zero, a dash more is another member's."""
    return "".join(number.split()).translate(_CAPITALS)


def member_number(text: str) -> str | None:
    """The normal form of a member number as it may be typed: no « n° » before it, no separators,
    upper case, leading zeros kept. Different numbers of a roll may share it (`identity`).

    O, I and l become digits only where all the rest are digits, so that they cannot be meant.
    """
    compact = _compact(_NUMBER_SIGN.sub("", text, count=1) if "°" in text else text)
    as_digits = compact.translate(_LOOKALIKES)
    if as_digits.isascii() and as_digits.isdigit():
        compact = as_digits
    return (
        compact if compact.isascii() and compact.isalnum() and len(compact) <= NUMBER_MAX else None
    )


def typed_number(text: str) -> str | None:
    """A member number as somebody typed it, in the signs of an `identity`: whether it is exactly
    the mutual's, and whose it is if not, is for the roll to say (services/roll/numbers.py)."""
    return None if member_number(text) is None else identity(text)


def number_readings(number: str) -> list[str]:
    """The normal forms that come near a typed number: its own, with zeros in front left out or
    missing, the shortest first; never none."""
    bare = (member_number(number) or "").lstrip("0")
    fewest = 0 if bare else 1
    return [zeros * "0" + bare for zeros in range(fewest, NUMBER_MAX + 1 - len(bare))]


def are_near(number: str, other: str) -> bool:
    """Whether what is forgiven to who types may take one for the other."""
    return number_readings(number)[0] == number_readings(other)[0]


def access_code(text: str) -> str | None:
    """The normal form of an access code: no separators, upper case, O, I and L read as 0, 1 and 1.

    Codes imported with the roll take the same form, so that both sides agree.
    """
    code = _compact(text).translate(_LOOKALIKES)
    if not (code.isascii() and code.isalnum()):
        return None
    return code if ACCESS_CODE_MIN <= len(code) <= ACCESS_CODE_MAX else None


def access_codes(texts: Sequence[str]) -> list[str] | None:
    """What `access_code` makes of each, all at once; None when one has to be read on its own."""
    typed = "\n".join(texts)
    codes = typed.translate(_TYPED).split("\n") if typed.isascii() else []
    if len(codes) != len(texts) or not "".join(codes).isalnum():
        return None
    sizes = set(map(len, codes))
    return codes if min(sizes) >= ACCESS_CODE_MIN and max(sizes) <= ACCESS_CODE_MAX else None


def recovery_code(text: str) -> str | None:
    """The normal form of a recovery code: as an access code, of exactly 8 signs."""
    code = access_code(text)
    return code if code and len(code) == RECOVERY_CODE_SIGNS else None


def own_name(text: str) -> str | None:
    """What a member calls a thing of theirs: outer spaces cut, 60 signs at most."""
    name = unicodedata.normalize("NFC", text).strip()
    return name if len(name) <= NAME_MAX else None


def grouped(code: str) -> str:
    """An access code as the letter shows it: groups of four, joined by dashes."""
    return "-".join(
        code[at : at + ACCESS_CODE_GROUP] for at in range(0, len(code), ACCESS_CODE_GROUP)
    )


def grouped_digits(code: str) -> str:
    """A mailed code as it is read: groups of three, what is over with the first, « 578 791 » and
    « 6917 801 087 224 ». The spaces do not break, and are forgiven where it is typed (`digits`)."""
    first = 3 + len(code) % 3
    groups = (code[at : at + 3] for at in range(first, len(code), 3))
    return "\u00a0".join([code[:first], *groups])


def digits(text: str, count: int) -> str | None:
    """The one run of exactly `count` digits in a pasted code, with its spaces or its sentence.

    Spaces and dashes inside the run are forgiven, so is O for 0 and I or l for 1 when nothing
    but the code was typed.
    """
    flat = unicodedata.normalize("NFKC", text)
    typed = _SEPARATORS.sub("", flat)
    if len(typed) == count and typed.upper().translate(_LOOKALIKES).isdigit():
        typed = typed.upper().translate(_LOOKALIKES)
    if len(typed) == count and typed.isascii() and typed.isdigit():
        return typed
    runs = re.findall(r"(?<!\d)\d(?:[ \u00a0\u202f\-]?\d)*(?!\d)", flat, re.ASCII)
    found = {run for each in runs if len(run := _SEPARATORS.sub("", each)) == count}
    return found.pop() if len(found) == 1 else None


def email(text: str) -> str | None:
    """An e-mail address as it will be written to: outer spaces cut, domain in lower case.

    ASCII only: most mail servers take no other local parts, and web/domains.py writes domains in it
    before. No quoted local parts, at most 254 signs (RFC 5321). A comma typed for the domain's dot
    is not guessed.
    """
    local, at, domain = (
        unicodedata.normalize("NFC", text).strip().translate(_APOSTROPHES).rpartition("@")
    )
    if not at or len(local) > 64 or not _LOCAL.fullmatch(local) or not domain.isascii():
        return None
    labels = domain.lower().split(".")
    if (
        len(labels) < 2
        or not all(_LABEL.fullmatch(label) for label in labels)
        or labels[-1].isdigit()
    ):
        return None
    address = f"{local}@{domain.lower()}"
    return address if len(address) <= EMAIL_MAX else None


def email_key(address: str) -> str:
    """What makes two addresses the same one: letter case never tells two mailboxes apart."""
    return address.casefold()


def masked_email(address: str) -> str:
    """An address that its owner recognises and nobody else learns: « m•••@e•••.org »."""
    local, _, domain = address.partition("@")
    name, _, ending = domain.rpartition(".")
    return f"{local[:1]}•••@{name[:1]}•••.{ending}"


def password(text: str) -> str:
    """A password as it is hashed: Unicode NFC (ASVS 6.2.8), nothing trimmed, case kept."""
    return unicodedata.normalize("NFC", text)
