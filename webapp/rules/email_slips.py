"""Slips of the finger in an e-mail address: what is wrong with one that cannot be written to, and
what its owner may have meant where a known domain is one slip away.

Nothing is mended unasked but a full stop at the end: a question can be answered « no ».
"""

import unicodedata

from webapp.rules import credentials

# Offered: where members of a French mutual have their mail.
_COMMON = """
gmail.com orange.fr wanadoo.fr free.fr sfr.fr laposte.net hotmail.fr hotmail.com yahoo.fr
yahoo.com outlook.fr outlook.com live.fr bbox.fr icloud.com neuf.fr numericable.fr
club-internet.fr aliceadsl.fr msn.com protonmail.com
"""
# Real ones that look like a slip of one above: never asked about.
_OTHERS = """
aliceadsl.it aol.com aol.fr bluewin.ch caramail.com caramail.fr cegetel.net chello.fr dbmail.com
email.com fmail.fr free.com freesurf.fr gmx.at gmx.ch gmx.com gmx.de gmx.fr gmx.net googlemail.com
hotmail.be hotmail.ca hotmail.ch hotmail.co.uk hotmail.de hotmail.es hotmail.it hotmail.nl
hushmail.com infonie.fr laposte.fr libertysurf.fr live.be live.ca live.co.uk live.com live.de
live.it live.nl lycos.fr mac.com mail.com mail.fr mailo.com me.com msn.fr netcourrier.com neuf.com
noos.fr nordnet.fr numericable.com orange.be orange.ci orange.cm orange.com orange.es orange.jo
orange.lu orange.ma orange.mg orange.ml orange.net orange.pl orange.re orange.ro orange.sn
outlook.be outlook.co outlook.de outlook.es outlook.it pm.me posteo.net proton.me protonmail.ch
rocketmail.com sfr.com sfr.net skynet.be t-online.de tele2.fr telenet.be tutanota.com voila.fr
wanadoo.be wanadoo.com wanadoo.es wanadoo.net wanadoo.nl worldonline.fr yahoo.be yahoo.ca yahoo.ch
yahoo.co.uk yahoo.de yahoo.es yahoo.in yahoo.it yahoo.net ymail.com zmail.fr
"""
COMMON, OTHERS = frozenset(_COMMON.split()), frozenset(_OTHERS.split())
_MEANT = {"gmail.fr": "gmail.com", "gmail.net": "gmail.com", "icloud.fr": "icloud.com"}
_ENDINGS = {
    "com": "c co cm cmo com. comm con coom cpm cim om ocm vom xom",
    "fr": "f r fe ff fr. frr ft rf gr dr",
    "net": "ne nt met ner nte nett",
}
_MENDED = {typed: ending for ending, slips in _ENDINGS.items() for typed in slips.split()}
_UNSEEN = ("Cf", "Co", "Cn")  # categories of signs that nobody sees
_SHORT = 5  # signs: of a shorter name, another letter makes somebody else's domain


def cleaned(text: str) -> str:
    """The address without the full stop that ends the sentence it was copied from."""
    return text.strip().rstrip(".")


def reason(text: str) -> str:
    """The refusal that says what is wrong with an address that cannot be written to."""
    address = text.strip()
    local, _, domain = address.rpartition("@")
    found = (
        (any(unicodedata.category(sign) in _UNSEEN for sign in address), "odd_characters"),
        ("@" not in address, "email_no_at"),
        (any(sign.isspace() for sign in address), "email_space"),
        ("," in address or ";" in address, "email_comma"),
        ("@" in local, "email_two_ats"),
        (not local.isascii(), "email_accent"),
        (bool(local and domain) and "." not in domain.strip("."), "email_no_ending"),
    )
    return next((key for is_so, key in found if is_so), "email_shape")


def reason_or_number(text: str) -> str:
    """The same where first-time members come too, with the number of their letter in hand."""
    signs = [sign for sign in text if sign.isalnum()]
    digits = sum(sign.isdigit() for sign in signs)
    if "@" not in text and 2 * digits >= len(signs) > 3 and credentials.member_number(text):
        return "email_number"
    return reason(text)


def suggestion(address: str) -> str | None:
    """The address that may have been meant, None when nothing common is one slip away."""
    local, _, domain = address.rpartition("@")
    if domain in COMMON or domain in OTHERS:
        return None
    meant = _MEANT.get(domain) or _nearest(domain)
    return f"{local}@{meant}" if meant else None


def _nearest(domain: str) -> str | None:
    name, _, ending = domain.rpartition(".")
    mended = f"{name}.{_MENDED.get(ending, ending)}"
    if mended in COMMON:
        return mended
    if mended in OTHERS:
        return None
    found = [common for common in sorted(COMMON) if _is_near(mended, common)]
    return found[0] if found else None


def _is_near(typed: str, common: str) -> bool:
    name, _, ending = typed.rpartition(".")
    meant, _, meant_ending = common.rpartition(".")
    if ending != meant_ending or not name:
        return False
    if len(meant) < _SHORT:
        return name in _swapped(meant) or name in _doubled(meant)
    # another first letter is rather another word: « grange.fr », « email.com »
    return name in _one_letter_less(meant) | _swapped(meant) or (
        name[0] == meant[0] and _is_one_letter_off(name, meant)
    )


def _swapped(name: str) -> set[str]:
    pairs = range(len(name) - 1)
    return {name[:at] + name[at + 1] + name[at] + name[at + 2 :] for at in pairs} - {name}


def _doubled(name: str) -> set[str]:
    return {name[: at + 1] + name[at:] for at in range(len(name))}


def _one_letter_less(name: str) -> set[str]:
    return {name[:at] + name[at + 1 :] for at in range(len(name))}


def _is_one_letter_off(name: str, meant: str) -> bool:
    """Whether one letter is another, or one too many."""
    if len(name) == len(meant):
        return sum(a != b for a, b in zip(name, meant, strict=True)) == 1
    return len(name) == len(meant) + 1 and meant in _one_letter_less(name)
