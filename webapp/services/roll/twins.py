"""Members whose numbers only look alike, « 123450 » and « 12345.0 »: no code opens both.

Whoever types one for the other must be stopped by the code. Codes are read with some forgiveness
(O for 0), so that two which the file tells apart may be one at the door.
"""

from collections import defaultdict
from collections.abc import Mapping

from webapp.rules.roll_columns import RollColumns
from webapp.rules.roll_values import shown
from webapp.services.roll.entries import is_code
from webapp.services.roll.report import Import
from webapp.services.roll.table import KnownEntry

_REASON = (
    "code_acces (valeur non affichée) : c’est aussi, à un O ou un I près, celui de l’adhérent "
    "« {other} », dont le numéro se lit de même. Donnez-leur deux codes différents"
)


def without_shared_codes(
    task: Import, rows: RollColumns, near: Mapping[str, KnownEntry]
) -> RollColumns:
    """The rows, but for those that bring a code which opens the space of another: they are told.

    `near`: who is on the roll under the same normal forms.
    """
    met = set(rows.identities)
    others = [each for whose, each in near.items() if whose not in met]
    if not others and len(set(rows.number_keys)) == len(met):
        return rows  # almost always
    beside = defaultdict[str, list[int]](list)
    for at, key in enumerate(rows.number_keys):
        beside[key].append(at)
    on_the_roll = defaultdict[str, list[KnownEntry]](list)
    for entry in near.values():
        on_the_roll[entry.number_key].append(entry)
    kept = []
    for at, key in enumerate(rows.number_keys):
        other = _shares(task, rows, at, beside[key], on_the_roll[key])
        kept.append(other is None)
        if other is not None:
            task.fault(rows.lines[at], _REASON.format(other=shown(other)))
    return rows.only(kept)


def _shares(
    task: Import, rows: RollColumns, at: int, beside: list[int], on_the_roll: list[KnownEntry]
) -> str | None:
    """The number of another member whose code this row brings."""
    code, key, own = rows.access_codes[at], rows.number_keys[at], rows.identities[at]
    if code is None:
        return None
    for each in beside:
        if each < at and rows.access_codes[each] == code:
            return rows.numbers[each]
    for entry in on_the_roll:
        if entry.identity != own and is_code(task.work, entry.code_mac, key, code):
            return entry.number
    return None
