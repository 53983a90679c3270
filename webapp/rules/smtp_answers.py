"""What a relay's answer to a recipient or to a message says: whose fault it is, and what to do.

The relay's own refusals (it does not know us, it dislikes the mail) are the mutual's to mend: the
member's address is good, so the mail waits. The table with its sources: docs/operations/mail.md.
"""

import re
from enum import Enum

_ENHANCED = re.compile(r"\s*([245]\.\d{1,3}\.\d{1,3})(?!\S)")
# RFC 3463 and RFC 5248: subjects 1 (address), 2 (mailbox), 4 (the way to its host)
_OF_THE_ADDRESS = re.compile(r"5\.(?:1|2|4)\.\d+")
_OF_THE_SENDER = {"5.1.7", "5.1.8"}  # about the envelope sender's address
_NOT_FOR_THIS_ADDRESS = {"5.6.7"}  # RFC 6531: the mailbox takes no such address
_RELAYING = re.compile(r"\brelay(?:ing)?\b", re.IGNORECASE)
_BASIC = {550, 551, 552, 553, 556}  # RFC 5321 and 7504, where there is no enhanced code


class Verdict(Enum):
    """What an answer means for a mail."""

    LATER = "later"  # 4xx: the relay can't now
    ADDRESS = "address"  # the member's address is refused for good
    OURS = "ours"  # the relay refuses us: the settings or the relay are to be mended


def enhanced(text: str) -> str:
    """The enhanced status code that an answer begins with (RFC 2034), "" without one."""
    found = _ENHANCED.match(text)
    return found[1] if found else ""


def status(code: int, text: str) -> str:
    """The codes of an answer, « 550 5.1.1 »: its words often repeat the address."""
    return f"{code} {enhanced(text)}".strip()


def verdict(code: int, text: str) -> Verdict:
    """What the answer to RCPT or to the end of DATA means."""
    if not 500 <= code < 600:
        # Postfix's default says « Relay access denied » with 454
        return Verdict.OURS if code == 454 and _RELAYING.search(text) else Verdict.LATER
    said = enhanced(text)
    if said:
        of_address = said in _NOT_FOR_THIS_ADDRESS or _OF_THE_ADDRESS.fullmatch(said)
        return Verdict.ADDRESS if of_address and said not in _OF_THE_SENDER else Verdict.OURS
    return Verdict.ADDRESS if code in _BASIC and not _RELAYING.search(text) else Verdict.OURS
