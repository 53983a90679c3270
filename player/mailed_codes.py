"""The codes in a mail, however their digits are grouped for the eye."""

import re

_RUN = re.compile(r"(?<![\w.,/-])\d(?:[ \u00a0\u202f]?\d)*(?![\w/-])", re.ASCII)


def codes_in(text: str, *sizes: int) -> list[str]:
    """Every code of so many digits (6 and 13 unless told) in a mail's text, in its order, without
    the spaces; a telephone number or a piece of a link is none."""
    found = (re.sub(r"\D", "", run) for run in _RUN.findall(text))
    return [each for each in found if len(each) in (sizes or (6, 13))]


def alone(digits: int) -> re.Pattern[str]:
    """What a place says that says nothing but a code of so many digits."""
    return re.compile(rf"^\s*\d(?:\s?\d){{{digits - 1}}}\s*$")
