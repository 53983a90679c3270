"""French typography: the no-break spaces that keep « » : ; ! ? with their word and « n° » with its
number, and the word that breaks where it should not."""

import re

_OPENING = re.compile(r"« ")
_CLOSING = re.compile(r" (?=»)")
_NUMBER = re.compile(r"(?<=\b[nN]°) ")
_HIGH = re.compile(r"(?<=\S) (?=[:;!?](?:[\s<\"{]|$))", re.MULTILINE)
_SPACED = (
    (_OPENING, "«\u00a0"), (_CLOSING, "\u00a0"), (_HIGH, "\u00a0"), (_NUMBER, "\u00a0"),
)  # fmt: skip
# in HTML, and not in a tag: the next bracket opens one. The word stands first in the pattern: with
# anything before it, the search took ten to forty times as long.
_E_MAIL = re.compile(r"e-mail(?<!\we-mail)(?=[^<>]*(?:<|$))")


def french(text: str) -> str:
    """The text with a no-break space (U+00A0) where French wants one; twice changes nothing."""
    for pattern, spaced in _SPACED:
        text = pattern.sub(spaced, text)
    return text


def unbroken(html: str, whole: str) -> str:
    """The HTML, each « e-mail » of its text as `whole`, whose style lets no line break its hyphen.
    A no-break hyphen would be another word to some screen readers, and is missing in some fonts.
    """
    pieces, end = [], 0
    for found in _E_MAIL.finditer(html):
        pieces.append(html[end : found.start()])
        end = found.end()
    return whole.join([*pieces, html[end:]])
