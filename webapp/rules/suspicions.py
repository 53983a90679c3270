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
_CAPITAL_INSIDE = re.compile(r"[a-zà-öø-ÿ]([^\W\d_])[a-zà-öø-ÿ]")
_IN_NAMES = frozenset(" '-’ʼ‑.,()/&+\u00a0\u202f")
_ERROR_VALUES = """
    #n/a #na #ref! #div/0! #value! #valeur! #name? #nom? #num! #nombre! #null! #nul! #spill!
    #calc! err:502 err:504 err:508 err:511 err:519 err:520 err:522 err:523 err:524
"""
_ERRORS = frozenset(_ERROR_VALUES.split())


def suspicion(text: str) -> str | None:
    """Why a name is suspect, in French, None when nothing speaks against it."""
    if text.isascii() and text.replace("-", "").replace("'", "").replace(" ", "").isalpha():
        return None
    if error_value(text):
        return "une erreur de tableur"
    return next((reason for form, reason in _SPOILT if form.search(text)), None) or _sign(text)


def error_value(text: str) -> bool:
    """Whether a spreadsheet computed nothing here: « #N/A », « #REF! », « Err:502 »…"""
    return text.strip().casefold() in _ERRORS


def _sign(text: str) -> str | None:
    for sign in text:
        if sign.isalpha() or sign.isdecimal() or sign in _IN_NAMES:
            continue
        kind = unicodedata.category(sign)
        if kind in {"Cf", "Cc", "Co", "Cn", "Zl", "Zp"}:
            return f"un signe invisible (U+{ord(sign):04X})"
        if kind[0] != "M":  # marks are accents that were not composed
            return f"un signe qu’aucun nom n’a (« {sign} »)"
    for found in _CAPITAL_INSIDE.finditer(text):
        if found[1].isupper() and not found[1].isascii():
            return f"une majuscule au milieu d’un nom (« {found[1]} »)"
    return None
