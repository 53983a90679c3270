"""Lines of postal addresses that an envelope's window may cut: kept as written, and told."""

from collections.abc import Sequence
from typing import cast

from webapp.rules import postal
from webapp.rules.roll_columns import RollColumns
from webapp.rules.roll_guards import EXAMPLES
from webapp.services.roll.report import Import, LongLine


def note(task: Import, rows: RollColumns) -> None:
    """Count those of these rows; the first ones are examples."""
    addresses = cast(Sequence[str], rows.facts.get("address", ()))
    for number, address in zip(rows.numbers, addresses, strict=False):
        found = postal.too_long(address)
        if not found:
            continue
        task.counts["long_lines"] += len(found)
        left = EXAMPLES - len(task.long_lines)
        task.long_lines += [LongLine(number, line) for line in found[:left]]
