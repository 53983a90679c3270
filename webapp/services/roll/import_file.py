"""Importing the roll: the portal knows what the mutual's file says, all of it or nothing.

An account is never touched. An access code leaves here only towards the printer (`deliver`).
Rows are read, compared and written by the chunk: one by one, only those that are bad or changed.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from sqlalchemy import func, select, text
from sqlalchemy.exc import OperationalError

from webapp.rules.roll_columns import RollColumns, of_rows, read_columns
from webapp.rules.roll_file import BadRow, Header, RollRow, read_row
from webapp.services.kernel import journal
from webapp.services.kernel.work import Work
from webapp.services.roll import change, formers, table
from webapp.services.roll.report import Import, NewLetter, RollRefused, RollReport, Source

CHUNK = 1_000
STATEMENT_SECONDS = 60  # PostgreSQL: a chunk may wait for more than the 5 s of a page
_TURN = 0x726F6C6C  # PostgreSQL's advisory lock of imports: "roll"

Cells = tuple[int, Sequence[str] | None]


def import_roll(
    work: Work,
    header: Header,
    rows: Iterable[Cells],
    *,
    source: Source,
    deliver: Callable[[NewLetter], None] | None,
    keep_good: bool = False,
) -> RollReport:
    """Bring the roll up to date with the rows: (line, cells), cells None when quotes are broken.

    `deliver` takes each code made for a member without one. Without it the members are imported
    all the same and their letters wait for an import that can write them: `letters` counts them.
    Raises RollRefused: busy, no_member, bad_rows (unless `keep_good`).
    """
    take_turn(work)
    first = not table.anyone(work)
    task = Import(work, work.now, deliver, formers.begin(work, source), first=first)
    left = iter(rows)
    with table.adding(work, alone=task.first) as add:
        while chunk := list(islice(left, CHUNK)):
            change.apply(task, _read(task, header, chunk), add)
    report = task.report()
    if report.bad and (not keep_good or not report.good):
        raise RollRefused("bad_rows", report)
    if not report.good:
        raise RollRefused("no_member", report)
    formers.end(work, task.import_id, report)
    journal.write(
        work,
        "roll.imported",
        import_id=task.import_id,
        operator=source.operator,
        file=source.file_name,
        sha256=source.sha256,
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


def _read(task: Import, header: Header, chunk: list[Cells]) -> RollColumns:
    rows = [cells for _, cells in chunk if cells is not None]
    if len(rows) == len(chunk):
        columns = read_columns(header, rows, task.now.date())
        if columns and _first_met(task, columns.identities, [line for line, _ in chunk]):
            return columns
    return of_rows(list(_one_by_one(task, header, chunk)))


def _first_met(task: Import, identities: Sequence[str], lines: list[int]) -> bool:
    """Whether no row names a member whom another one named; they are known from now on."""
    met = dict(zip(identities, lines, strict=True))
    if len(met) < len(identities) or not task.lines.keys().isdisjoint(met):
        return False
    task.lines.update(met)
    return True


def _one_by_one(task: Import, header: Header, chunk: list[Cells]) -> Iterator[RollRow]:
    """The good ones; the others are told."""
    today = task.now.date()
    for line, cells in chunk:
        if cells is None:
            task.fault(line, 'guillemets mal fermés : doublez ceux qui sont dans un texte ("")')
            continue
        row = read_row(header, cells, today)
        reasons = list(row.reasons) if isinstance(row, BadRow) else []
        if row.identity:
            first = task.lines.setdefault(row.identity, line)
            if first != line:
                reasons.append(
                    f"numero_adherent déjà donné à la ligne {first} : gardez une des deux"
                )
        if reasons or isinstance(row, BadRow):
            task.fault(line, " ; ".join(reasons))
        else:
            yield row
