"""What the file's rows change in the roll: members who are added, members of whom it says more."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from operator import itemgetter
from typing import cast

from webapp.rules import lifetimes
from webapp.rules.roll_columns import RollColumns
from webapp.rules.roll_file import RollRow
from webapp.rules.statuses import ACTIVE, NO_LETTER
from webapp.services.roll import doubles, formers, long_lines, shut_spaces, table, twins
from webapp.services.roll.entries import code_mac, code_macs, is_code
from webapp.services.roll.report import NEVER, NOBODYS_CODE, Import
from webapp.services.roll.table import Add, Cell, Change, KnownEntry

# what a file may say of a member, and what is stored when it says nothing
FACTS: dict[str, str | None] = {
    "number": "", "civility": "", "last_name": "", "first_name": "",
    "birth_date": None, "contract": "", "joined_on": None,
    "status": ACTIVE, "address": "",
}  # fmt: skip
_CHANGEABLE = (*FACTS, "missing_since", "code_mac", "code_issued_at", "replaced_mac")


def apply(task: Import, rows: RollColumns, add: Add) -> None:
    """Bring the roll up to date with good rows, each of another member; `add` takes the new."""
    if not rows.number_keys:
        return
    # on an empty roll nobody can be known: each member is met once, and no one else adds any
    near = {} if task.alone else table.known(task.work, rows.number_keys)
    rows = twins.without_shared_codes(task, rows, near)
    known = {each: near[each] for each in rows.identities if each in near} if near else {}
    if known:
        rows = doubles.not_met_before(task, rows, known)
    changed = _changed(task, rows, known) if known else []
    new = _without(rows, known)
    if new.number_keys:
        add(_fresh(task, new))
    if changed:
        formers.keep(task, changed)
        table.change(task.work, [values for _, values in changed])
        shut_spaces.note(task.work, _of_accounts(changed))
    long_lines.note(task, rows)
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
    statuses = cast(Sequence[str], facts["status"])
    return {
        **facts,
        "number_key": new.number_keys,
        "code_mac": _code_macs(task, new),
        "code_issued_at": _issued(task, new.access_codes, statuses),
        "updated_at": [task.now] * count,
        "added_by": [task.import_id] * count,
    }


def _code_macs(task: Import, new: RollColumns) -> list[bytes]:
    """The keyed hashes of the file's codes; nobody's for who has none yet."""
    pairs = zip(new.number_keys, new.access_codes, strict=True)
    if None not in new.access_codes:
        return code_macs(task.work, cast(Iterable[tuple[str, str]], pairs))
    macs = iter(code_macs(task.work, [(key, code) for key, code in pairs if code is not None]))
    return [NOBODYS_CODE if code is None else next(macs) for code in new.access_codes]


def _issued(
    task: Import, codes: Sequence[str | None], statuses: Sequence[str]
) -> Sequence[datetime]:
    """From when the file's codes run. Who has none waits for a letter, unless they get none."""
    if None not in codes and NO_LETTER.isdisjoint(statuses):
        return [task.now] * len(codes)
    for code, status in zip(codes, statuses, strict=True):
        if code is None:
            _waits(task, status)
    return [
        NEVER if code is None or status in NO_LETTER else task.now
        for code, status in zip(codes, statuses, strict=True)
    ]


def _waits(task: Import, status: str) -> None:
    """Count a member who has no code: they wait for a letter, or get none."""
    if status in NO_LETTER:
        task.skipped[status] += 1
    else:
        task.counts["letters"] += 1


def _of_accounts(changed: Sequence[Change]) -> Iterator[shut_spaces.Changed]:
    for entry, values in changed:
        if entry.account_id is not None and "status" in values:
            yield entry.account_id, entry.status, str(values["status"])


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
        if mac is None and not same and entry.account_id is None and _is_unsent(entry, row):
            task.skipped[_status(entry, row)] += 1
        yield row, _same_letter(task, entry, row)


def _same_letter(task: Import, entry: KnownEntry, row: RollRow) -> bool:
    """Whether the file leaves the letter as it is. Who is active again after having left gets one
    as a new member does, unless theirs is still good."""
    if entry.account_id is not None:
        return True  # who has an account has used the letter
    if _is_unsent(entry, row):
        return True
    if row.access_code is None:
        good = entry.code_issued_at + lifetimes.ACCESS_CODE > task.now
        return good or (entry.code_issued_at != NEVER and entry.status not in NO_LETTER)
    if entry.code_issued_at == NEVER:
        return False
    code = (row.number_key, row.access_code)
    known = filter(None, (entry.code_mac, entry.replaced_mac))
    return any(is_code(task.work, mac, *code) for mac in known)


def _status(entry: KnownEntry, row: RollRow) -> str:
    """What holds of the member after this row."""
    return str(row.facts.get("status", ACTIVE if entry.missing_since else entry.status))


def _changes(
    task: Import, entry: KnownEntry, row: RollRow, same_letter: bool
) -> dict[str, object] | None:
    """The entry's new values, None when the file says what is stored. What does not change is not
    written, since others may have changed it meanwhile."""
    stored = {name: getattr(entry, name) for name in _CHANGEABLE}
    wanted = {**stored, **_back(entry), **row.facts, "number": row.number}
    if not same_letter:
        wanted |= _code(task, row.number_key, row.access_code)
    changes = {name: value for name, value in wanted.items() if value != stored[name]}
    if not same_letter and {"code_issued_at", "status"} & changes.keys():
        # what a letter that is made from now on writes over, for whoever undoes this import
        changes |= {name: wanted[name] for name in ("code_mac", "code_issued_at")}
    return {**changes, "entry_id": entry.id, "updated_at": task.now} if changes else None


def _back(entry: KnownEntry) -> dict[str, object]:
    """Who was marked as left for want of a row is active again once there is one."""
    return {"missing_since": None, "status": ACTIVE} if entry.missing_since else {}


def _is_unsent(entry: KnownEntry, row: RollRow) -> bool:
    return _status(entry, row) in NO_LETTER


def _code(task: Import, number_key: str, access_code: str | None) -> dict[str, object]:
    """The file's code; without one, the wait for a letter, in which the former code is dead."""
    if access_code is None:
        task.counts["letters"] += 1
        return {"code_issued_at": NEVER, "replaced_mac": None}
    mac = code_mac(task.work, number_key, access_code)
    return {"code_mac": mac, "code_issued_at": task.now, "replaced_mac": None}
