"""What a command shows of one thing: a line for each name and what it says, for eyes and for ears.

On a wide terminal what is said stands in one column; on a narrow one it follows its name.
"""

import shutil
import textwrap
from collections.abc import Iterable

from webapp.rules.typography import french

Field = tuple[str, str]  # « Fichier », « adherents.csv »

NARROWEST, WIDEST = 40, 80
_COLUMNS_FROM = 60
_INDENT = "  "


def width() -> int:
    """How many signs a line has room for."""
    return max(NARROWEST, min(shutil.get_terminal_size((WIDEST, 24)).columns, WIDEST))


def told(fields: Iterable[Field]) -> list[str]:
    """The lines of these fields, none for what says nothing."""
    named = [(f"{_INDENT}{name}\u00a0:", french(said)) for name, said in fields if said]
    room = width()
    column = max((len(name) for name, _ in named), default=0) + 1
    if room < _COLUMNS_FROM:
        return [line for field in named for line in _wrapped(*field, room, 2 * len(_INDENT))]
    return [
        line
        for name, said in named
        for line in _wrapped(name.ljust(column - 1), said, room, column)
    ]


def _wrapped(name: str, said: str, room: int, hanging: int) -> list[str]:
    return textwrap.wrap(
        f"{name} {said}",
        room,
        subsequent_indent=" " * hanging,
        break_long_words=False,
        break_on_hyphens=False,
        drop_whitespace=True,
    )
