"""Names that were read wrongly: what a name of the file looks like when something went wrong on its
way there (another encoding, a sign that was lost, one that nobody sees)."""

import re

_LETTERS = "A-Za-zÀ-ÖØ-öø-ƑƓ-ʯ\u0300-\u036f\u0370-\u1fff"
# signs that a French spreadsheet or a person may put into a name
_SIGNS = re.compile(f"[^\x00-\x3e\x40-\x7f{_LETTERS}ª°´·º«»\u00a0\u202f‐‑–‘’ʼʹ]")
# UTF-8 read as Windows-1252, or encoded twice: « HÃ©lÃ¨ne », « dâ€™Arc »
_TWICE = re.compile("[ÃÂ][\u0080-\u00bfŒœŠšŽžŸƒˆ˜–—‘’‚“”„†‡•…‰‹›€™]|â[€‚]|Å[\u0080-\u00bf“¡¸’½¾]")
# CP850 or Mac Roman read as Windows-1252: « HŠlŠne », « GŽrard »
_CAPITAL_INSIDE = re.compile("[a-zà-ÿ][ŠŒŽ]|[A-Za-z][ŠŒŽ][a-zà-ÿ]")
# what almost all names are made of, as bytes of Latin-1: the quickest thing to look for in Python
_USUAL = bytes(sign for sign in range(0x80) if sign != ord("?")) + bytes(
    sign for sign in range(0xC0, 0x100) if sign not in {0xD7, 0xF7}
)
_REASONS = (
    (re.compile("\ufffd"), "une lettre perdue"),
    (_TWICE, "une lettre accentuée lue comme deux signes"),
    (_CAPITAL_INSIDE, "une majuscule accentuée au milieu d’un mot"),
)


def may_be_suspect(names: str) -> bool:
    """Whether one of these names, joined by blanks, may be: at a glance, for almost none is."""
    try:
        plain = names.replace("’", "'").replace("œ", "oe").encode("latin-1")
    except UnicodeEncodeError:
        return True
    return bool(plain.translate(None, delete=_USUAL))


def suspicion(text: str) -> str | None:
    """Why a name can't be what was meant; None when it may be."""
    if "?" in text:
        return "un « ? » à la place d’une lettre"
    if text.isascii():
        return None
    for wrong, reason in _REASONS:
        if wrong.search(text):
            return reason
    if found := _SIGNS.search(text):
        return "un signe que les noms n’ont pas" if found[0].isprintable() else "un signe invisible"
    return None
