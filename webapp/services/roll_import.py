"""Importing the roll: the portal knows what the mutual's file says, all of it or nothing.

An account is never touched. An access code leaves here only towards the printer (`deliver`).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from itertools import islice
from operator import itemgetter
from typing import Any

from sqlalchemy import RowMapping, bindparam, func, select, text, update
from sqlalchemy.exc import OperationalError

from webapp.models import Account, RollEntry
from webapp.models.base import table
from webapp.rules.roll_file import BadRow, Header, RollRow, read_row
from webapp.services import journal
from webapp.services.roll import code_mac, is_code
from webapp.services.work import Work

CHUNK, FAULTS_KEPT = 1_000, 50
STATEMENT_SECONDS = 60  # PostgreSQL: a chunk may wait for more than the 5 s of a page
NEVER = datetime(
    1970, 1, 1, tzinfo=UTC
)  # issued: the code of a letter not written yet opens nothing
_TURN = 0x726F6C6C  # PostgreSQL's advisory lock of imports: "roll"

_FACTS = {  # what a file may say of a member, and what is stored when it says nothing
    "number": "", "civility": "", "last_name": "", "first_name": "",
    "birth_date": None, "contract": "", "joined_on": None,
}  # fmt: skip
_TABLE = table(RollEntry)
_CHANGEABLE = (*_FACTS, "code_mac", "code_issued_at", "replaced_mac")

Cells = tuple[int, Sequence[str] | None]


@dataclass(frozen=True)
class NewLetter:
    """A code just made, in clear, for the letter that tells it. Kept nowhere else."""

    number: str
    civility: str
    last_name: str
    first_name: str
    access_code: str = field(repr=False)


@dataclass(frozen=True)
class Fault:
    """A bad row: the line on which it starts, and the reason in French."""

    line: int
    reason: str


@dataclass(frozen=True)
class RollReport:
    """What the import did. `faults` are the first bad rows, `bad` counts them all."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    bad: int = 0
    letters: int = 0
    faults: tuple[Fault, ...] = ()

    @property
    def good(self) -> int:
        return self.added + self.changed + self.unchanged


class RollRefused(Exception):
    """The file may not be imported: the caller rolls back. `key` is one of KEYS."""

    KEYS = ("busy", "no_member", "bad_rows")

    def __init__(self, key: str, report: RollReport | None = None):
        super().__init__(key)
        self.key, self.report = key, report or RollReport()


@dataclass
class _Import:
    work: Work
    now: datetime
    deliver: Callable[[NewLetter], None] | None
    counts: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(
            ("added", "changed", "unchanged", "bad", "letters"), 0
        )
    )
    faults: list[Fault] = field(default_factory=list)

    def fault(self, line: int, reason: str) -> None:
        self.counts["bad"] += 1
        if len(self.faults) < FAULTS_KEPT:
            self.faults.append(Fault(line, reason))

    def report(self) -> RollReport:
        return RollReport(**self.counts, faults=tuple(self.faults))


def import_roll(
    work: Work,
    header: Header,
    rows: Iterable[Cells],
    *,
    deliver: Callable[[NewLetter], None] | None,
    keep_good: bool = False,
) -> RollReport:
    """Bring the roll up to date with the rows: (line, cells), cells None when quotes are broken.

    `deliver` takes each code made for a member without one. Without it the members are imported
    all the same and their letters wait for an import that can write them: `letters` counts them.
    Raises RollRefused: busy, no_member, bad_rows (unless `keep_good`).
    """
    take_turn(work)
    task = _Import(work, work.now, deliver)
    good = _good_rows(task, header, rows)
    while chunk := list(islice(good, CHUNK)):
        _import_chunk(task, chunk)
    report = task.report()
    if report.bad and (not keep_good or not report.good):
        raise RollRefused("bad_rows", report)
    if not report.good:
        raise RollRefused("no_member", report)
    journal.write(
        work,
        "roll.imported",
        added=report.added,
        changed=report.changed,
        unchanged=report.unchanged,
        letters=report.letters,
    )
    return report


def take_turn(work: Work) -> None:
    """One import at a time. Raises RollRefused("busy") while another one runs.

    SQLite's write lock is waited for as long as any writer waits; PostgreSQL answers at once.
    """
    try:
        if work.db.dialect.name == "postgresql":
            if not work.db.scalar(select(func.pg_try_advisory_xact_lock(_TURN))):
                raise RollRefused("busy")
            work.db.execute(text(f"SET LOCAL statement_timeout = '{STATEMENT_SECONDS}s'"))
        else:
            work.db.execute(text("SELECT 1"))  # the first statement is what takes the lock
    except OperationalError as error:
        if "locked" not in str(error):
            raise
        raise RollRefused("busy") from error


def _good_rows(task: _Import, header: Header, rows: Iterable[Cells]) -> Iterator[RollRow]:
    today = task.now.date()
    lines: dict[str, int] = {}
    for line, cells in rows:
        if cells is None:
            task.fault(line, 'guillemets mal fermés : doublez ceux qui sont dans un texte ("")')
            continue
        row = read_row(header, cells, today)
        reasons = list(row.reasons) if isinstance(row, BadRow) else []
        if row.number_key:
            first = lines.setdefault(row.number_key, line)
            if first != line:
                reasons.append(
                    f"numero_adherent déjà donné à la ligne {first} : gardez une des deux"
                )
        if reasons or isinstance(row, BadRow):
            task.fault(line, " ; ".join(reasons))
        else:
            yield row


def _import_chunk(task: _Import, chunk: list[RollRow]) -> None:
    known = _known(task.work, [row.number_key for row in chunk])
    fresh, changed = [], []
    for row in chunk:
        entry = known.get(row.number_key)
        if entry is None:
            fresh.append(_fresh(task, row))
        elif values := _changes(task, entry, row):
            changed.append(values)
    if fresh:
        _add(task.work, fresh)
    if changed:
        task.work.db.execute(
            update(RollEntry).where(RollEntry.id == bindparam("entry_id")), changed
        )
    task.counts["added"] += len(fresh)
    task.counts["changed"] += len(changed)
    task.counts["unchanged"] += len(chunk) - len(fresh) - len(changed)


def _add(work: Work, fresh: list[dict[str, Any]]) -> None:
    """Insert rows the way their database likes it best: COPY (PostgreSQL), or the driver's own
    `executemany`, whose values SQLAlchemy would convert one by one."""
    columns = tuple(fresh[0])
    rows = map(itemgetter(*columns), fresh)
    if work.db.dialect.name == "postgresql":
        _copy(work, columns, rows)
        return
    kinds = {name: _TABLE.c[name].type for name in columns}
    convert = {name: kind.bind_processor(work.db.dialect) for name, kind in kinds.items()}
    # a chunk has one or two moments, and days that come again
    told = [lru_cache(turn) if turn else None for turn in convert.values()]
    values = [
        tuple([turn(cell) if turn else cell for turn, cell in zip(told, row, strict=True)])
        for row in rows
    ]
    places = ", ".join("?" * len(columns))
    work.db.exec_driver_sql(
        f"INSERT INTO roll ({', '.join(columns)}) VALUES ({places})",  # noqa: S608  # nosec B608 - our columns
        values,
    )


def _copy(work: Work, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    driver: Any = work.db.connection.driver_connection
    try:
        with driver.cursor().copy(f"COPY roll ({', '.join(columns)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    except work.db.dialect.loaded_dbapi.Error as error:
        raise OperationalError("COPY roll", None, error, hide_parameters=True) from None


def _known(work: Work, number_keys: list[str]) -> dict[str, RowMapping]:
    columns = [getattr(RollEntry, name) for name in ("id", "number_key", *_CHANGEABLE)]
    found = work.db.execute(
        select(*columns, Account.id.label("account_id"))
        .outerjoin(Account, Account.roll_id == RollEntry.id)
        .where(RollEntry.number_key.in_(number_keys))
    )
    return {entry["number_key"]: entry for entry in found.mappings()}


def _fresh(task: _Import, row: RollRow) -> dict[str, Any]:
    values: dict[str, Any] = {
        **_FACTS,
        **row.facts,
        "number": row.number,
        "number_key": row.number_key,
    }
    given = row.access_code is not None
    code = _stored_code(task, row) if given else _new_code(task, row, values)
    return {**values, **code, "updated_at": task.now}


def _stored_code(task: _Import, row: RollRow) -> dict[str, Any]:
    mac = code_mac(task.work, row.number_key, row.access_code or "")
    return {"code_mac": mac, "code_issued_at": task.now, "replaced_mac": None}


def _new_code(task: _Import, row: RollRow, names: Mapping[str, Any]) -> dict[str, Any]:
    """A code for a member who has none, in the printer's file when there is one."""
    code = task.work.world.chance.access_code()
    task.counts["letters"] += 1
    if task.deliver is not None:
        whose = (names["civility"], names["last_name"], names["first_name"])
        task.deliver(NewLetter(row.number, *whose, code))
    mac = code_mac(task.work, row.number_key, code)
    issued_at = task.now if task.deliver else NEVER
    return {"code_mac": mac, "code_issued_at": issued_at, "replaced_mac": None}


def _awaited_code(task: _Import, row: RollRow, names: Mapping[str, Any]) -> dict[str, Any]:
    """The letter that a former import could not write."""
    if task.deliver is None:
        task.counts["letters"] += 1
        return {}
    return _new_code(task, row, names)


def _changes(task: _Import, entry: RowMapping, row: RollRow) -> dict[str, Any] | None:
    """The entry's new values, None when the file says what is stored."""
    stored = {name: entry[name] for name in _CHANGEABLE}
    wanted = {**stored, **row.facts, "number": row.number}
    # A member who has an account has used the letter: its code stays as it was.
    if row.access_code is not None and entry["account_id"] is None:
        known = (entry["code_mac"], entry["replaced_mac"] or b"")
        code = (row.number_key, row.access_code)
        if not any(is_code(task.work, mac, *code) for mac in known):
            wanted |= _stored_code(task, row)
    elif entry["code_issued_at"] == NEVER and entry["account_id"] is None:
        wanted |= _awaited_code(task, row, wanted)
    if wanted == stored:
        return None
    return {**wanted, "entry_id": entry["id"], "updated_at": task.now}
