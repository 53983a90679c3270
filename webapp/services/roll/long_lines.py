"""Postal addresses that an envelope's window may cut: kept as written, and told."""

from collections.abc import Sequence
from typing import cast

from webapp.rules import postal
from webapp.rules.full_name import full_name
from webapp.rules.roll_columns import RollColumns
from webapp.rules.roll_file import RollRow
from webapp.rules.roll_guards import EXAMPLES
from webapp.services.roll.report import Import, LongLine

_NAME = ("civility", "first_name", "last_name")


def note(task: Import, rows: RollColumns) -> None:
    """Count the lines that are too long, and the addresses that leave no line for the name; the
    first of each are examples."""
    addresses = cast(Sequence[str], rows.facts.get("address", ()))
    for at, (number, address) in enumerate(zip(rows.numbers, addresses, strict=False)):
        if found := postal.too_long(address):
            task.counts["long_lines"] += len(found)
            left = EXAMPLES - len(task.long_lines)
            task.long_lines += [LongLine(number, line) for line in found[:left]]
        if address.count("\n") + 1 == postal.LINES and not _has_room(rows.row(at), address):
            task.counts["crowded"] += 1
            task.crowded += [number] * (len(task.crowded) < EXAMPLES)


def _has_room(row: RollRow, address: str) -> bool:
    """For the name, as far as the file says it."""
    civility, first, last = (str(row.facts.get(each) or "") for each in _NAME)
    name = full_name(civility, first, last)
    return len(postal.envelope(postal.lines(address), name, last, first)) <= postal.LINES
