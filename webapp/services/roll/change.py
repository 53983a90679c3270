"""What the file's rows change in the roll: members who are added, members of whom it says more."""

from collections.abc import Iterator, Mapping, Sequence
from operator import itemgetter
from typing import cast

from webapp.rules.roll_columns import RollColumns
from webapp.rules.roll_file import RollRow
from webapp.rules.statuses import ACTIVE
from webapp.services.roll import formers, table, twins
from webapp.services.roll.entries import code_mac, code_macs, is_code
from webapp.services.roll.report import NEVER, Import, NewLetter
from webapp.services.roll.table import Add, Cell, Change, KnownEntry

# what a file may say of a member, and what is stored when it says nothing
FACTS: dict[str, str | None] = {
    "number": "", "civility": "", "last_name": "", "first_name": "",
    "birth_date": None, "contract": "", "joined_on": None,
    "status": ACTIVE, "address": "",
}  # fmt: skip
_NAMES = ("civility", "last_name", "first_name")  # that a letter tells
_CHANGEABLE = (*FACTS, "missing_since", "code_mac", "code_issued_at", "replaced_mac")


def apply(task: Import, rows: RollColumns, add: Add) -> None:
    """Bring the roll up to date with good rows, each of another member; `add` takes the new."""
    if not rows.number_keys:
        return
    # on an empty roll nobody can be known: each member is met once, and no one else adds any
    near = {} if task.first else table.known(task.work, rows.number_keys)
    rows = twins.without_shared_codes(task, rows, near)
    known = {each: near[each] for each in rows.identities if each in near} if near else {}
    changed = _changed(task, rows, known) if known else []
    new = _without(rows, known)
    if new.number_keys:
        add(_fresh(task, new))
    if changed:
        formers.keep(task, changed)
        table.change(task.work, [values for _, values in changed])
    task.counts["added"] += len(new.number_keys)
    task.counts["changed"] += len(changed)
    task.counts["unchanged"] += len(known) - len(changed)


def _without(rows: RollColumns, known: Mapping[str, KnownEntry]) -> RollColumns:
    """The rows of the other members."""
    if not known:
        return rows
    return rows.only([each not in known for each in rows.identities])


def _fresh(task: Import, new: RollColumns) -> dict[str, Sequence[Cell]]:
    """The columns of members who are not on the roll yet."""
    count = len(new.number_keys)
    facts: dict[str, Sequence[Cell]] = {name: [empty] * count for name, empty in FACTS.items()}
    facts |= {**new.facts, "number": new.numbers}
    written = task.now if task.deliver else NEVER
    codes, issued = new.access_codes, [task.now] * count
    if None in codes:
        issued = [task.now if code else written for code in codes]
        letters = zip(new.numbers, *(facts[name] for name in _NAMES), codes, strict=True)
        codes = [code or _made_code(task, *whose) for *whose, code in letters]
    pairs = zip(new.number_keys, cast(Sequence[str], codes), strict=True)
    return {
        **facts,
        "number_key": new.number_keys,
        "code_mac": code_macs(task.work, pairs),
        "code_issued_at": issued,
        "updated_at": [task.now] * count,
        "added_by": [task.import_id] * count,
    }


def _made_code(task: Import, *whose: str) -> str:
    """A code for a member who has none, in the printer's file when there is one."""
    code = task.work.world.chance.access_code()
    task.counts["letters"] += 1
    if task.deliver is not None:
        number, civility, last_name, first_name = whose
        task.deliver(NewLetter(number, civility, last_name, first_name, code))
    return code


def _changed(task: Import, rows: RollColumns, known: Mapping[str, KnownEntry]) -> list[Change]:
    """The entries of whom the file says something else than what is stored, and what it says.

    Who gets another letter is held first and read again: their space may have been opened or
    erased since the chunk was read.
    """
    differing = list(_differing(task, rows, known))
    letters = [row.number_key for row, same_letter in differing if not same_letter]
    now = {**known, **table.held(task.work, letters)} if letters else known
    changed: list[Change] = []
    for row, stays in differing:
        entry = now[row.identity]
        moved = entry != known[row.identity]
        same_letter = stays or (moved and _same_letter(task, entry, row))
        if values := _changes(task, entry, row, same_letter):
            changed.append((entry, values))
    return changed


def _differing(
    task: Import, rows: RollColumns, known: Mapping[str, KnownEntry]
) -> Iterator[tuple[RollRow, bool]]:
    """The rows that may say something else than what is stored, and whether the letter stays."""
    stored = itemgetter(*map(KnownEntry._fields.index, ("number_key", "number", *rows.facts)))
    told = zip(rows.number_keys, rows.numbers, *rows.facts.values(), strict=True)
    letters = zip(rows.number_keys, rows.access_codes, strict=True)
    macs = iter(code_macs(task.work, [(key, code) for key, code in letters if code is not None]))
    for at, (whose, facts) in enumerate(zip(rows.identities, told, strict=True)):
        mac = None if rows.access_codes[at] is None else next(macs)
        entry = known.get(whose)
        if entry is None:
            continue
        same = entry.code_issued_at != NEVER if mac is None else entry.code_mac == mac
        as_before = stored(entry) == facts and entry.missing_since is None
        if as_before and (same or entry.account_id is not None):
            continue  # most rows of most files
        row = rows.row(at)
        yield row, _same_letter(task, entry, row)


def _same_letter(task: Import, entry: KnownEntry, row: RollRow) -> bool:
    """Whether the file leaves the letter as it is."""
    if entry.account_id is not None:
        return True  # who has an account has used the letter
    if row.access_code is None:
        return entry.code_issued_at != NEVER
    code = (row.number_key, row.access_code)
    known = filter(None, (entry.code_mac, entry.replaced_mac))
    return any(is_code(task.work, mac, *code) for mac in known)


def _changes(
    task: Import, entry: KnownEntry, row: RollRow, same_letter: bool
) -> dict[str, object] | None:
    """The entry's new values, None when the file says what is stored. What does not change is not
    written, since others may have changed it meanwhile."""
    stored = {name: getattr(entry, name) for name in _CHANGEABLE}
    wanted = {**stored, **_back(entry), **row.facts, "number": row.number}
    if not same_letter:
        if row.access_code is None:
            wanted |= _awaited_code(task, row, wanted)
        else:
            wanted |= _code(task, row.number_key, row.access_code)
    changes = {name: value for name, value in wanted.items() if value != stored[name]}
    return {**changes, "entry_id": entry.id, "updated_at": task.now} if changes else None


def _back(entry: KnownEntry) -> dict[str, object]:
    """Who was marked as left for want of a row is active again once there is one."""
    return {"missing_since": None, "status": ACTIVE} if entry.missing_since else {}


def _awaited_code(task: Import, row: RollRow, names: Mapping[str, object]) -> dict[str, object]:
    """The letter that a former import could not write."""
    if task.deliver is None:
        task.counts["letters"] += 1
        return {}
    return _code(
        task, row.number_key, _made_code(task, row.number, *(str(names[name]) for name in _NAMES))
    )


def _code(task: Import, number_key: str, access_code: str) -> dict[str, object]:
    mac = code_mac(task.work, number_key, access_code)
    return {"code_mac": mac, "code_issued_at": task.now, "replaced_mac": None}
