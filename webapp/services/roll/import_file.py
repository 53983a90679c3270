"""Importing the roll: the portal knows what the mutual's file says, all of it or nothing.

An account is never touched, and no access code is made: who has none waits for a letter
(services/letters/batches.py). Rows are read, compared and written by the chunk: one by one, only
those that are bad or changed.
"""

from typing import TypedDict

from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError, OperationalError

from webapp.rules.roll_file import Header, RollRow
from webapp.rules.roll_guards import Hit
from webapp.services.kernel import journal
from webapp.services.kernel.work import Work
from webapp.services.roll import change, doubles, formers, guards, missing, reading, table
from webapp.services.roll.reading import Rows
from webapp.services.roll.report import (
    Import,
    ReadAgain,
    RollRefused,
    RollReport,
    Source,
    Wish,
)

STATEMENT_SECONDS = 60  # PostgreSQL: a chunk may wait for more than the 5 s of a page
_TURN = 0x726F6C6C  # PostgreSQL's advisory lock of imports: "roll"
_OTHERS_TURN = ("locked", "statement timeout")  # as SQLite and PostgreSQL tell it
AS_IT_IS = Wish()


def import_roll(
    work: Work,
    header: Header,
    rows: Rows,
    *,
    source: Source,
    wish: Wish = AS_IT_IS,
) -> RollReport:
    """Bring the roll up to date with the rows: (line, cells), cells None when quotes are broken.

    Members without a code wait for a letter: the report's `letters` counts them.
    Raises RollRefused: busy, no_member, bad_rows (unless they may be left out), guards (unless all
    those that would stop it are accepted).
    """
    take_turn(work)
    import_id = formers.begin(work, source)
    task, hits = _read_with_care(work, header, rows, (import_id, wish))
    report = task.report(tuple(hits))
    stopping = [hit for hit in hits if hit.word not in wish.accepted]
    if report.bad and (not wish.keep_good or not report.good):
        raise RollRefused("bad_rows", report)
    if stopping:
        raise RollRefused("guards", report)
    if not report.good:
        raise RollRefused("no_member", report)
    accepted = [hit.word for hit in hits]
    formers.end(work, task.import_id, report, accepted)
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
        **_besides(report, accepted),
    )
    return report


class _Besides(TypedDict, total=False):
    """What few imports do."""

    accepted: str
    marked: int


def _besides(report: RollReport, accepted: list[str]) -> _Besides:
    told: _Besides = {"accepted": ", ".join(accepted)} if accepted else {}
    return {**told, "marked": report.marked} if report.marked else told


def _read_with_care(
    work: Work, header: Header, rows: Rows, how: tuple[int, Wish]
) -> tuple[Import, list[Hit]]:
    """What the import did and what the guards say to it, the file read as often as that takes:
    once, where no two rows name the same member. `how`: the import's number, and its wish."""
    last_id = table.last_id(work)
    apart, alone = frozenset[str](), last_id == 0
    while True:
        kept = {each: list[tuple[int, RollRow | None]]() for each in apart}
        task = Import(work, work.now, *how, alone=alone, last_id=last_id, apart=kept)
        try:
            with work.db.begin_nested():
                _whole_file(task, header, rows)
                return task, guards.look(task, header, rows)
        except ReadAgain as again:
            apart, alone = again.apart, False


def _whole_file(task: Import, header: Header, rows: Rows) -> None:
    """Raises ReadAgain where a row does not go with what another one said."""
    try:
        with table.adding(task.work, alone=task.alone) as add:
            for good in reading.good_rows(header, rows, task.now.date(), task):
                task.watch.look(good)
                others = doubles.without_apart(task, good)
                # alone, the unique index tells doubles, without being asked
                for part in [others] if task.alone else doubles.rounds(others):
                    change.apply(task, part, add)
    except IntegrityError:
        if not task.alone:
            raise
        raise ReadAgain from None  # two rows name the same member
    doubles.settle(task)
    if task.wish.whole:
        missing.look(task)


def take_turn(work: Work, *, wait: bool = False) -> None:
    """One import or batch of letters at a time. Raises RollRefused("busy") while another one runs.

    SQLite's write lock is waited for as long as any writer waits. PostgreSQL answers at once, or
    after a statement's time with `wait`.
    """
    try:
        if work.db.dialect.name == "postgresql":
            work.db.execute(text(f"SET LOCAL statement_timeout = '{STATEMENT_SECONDS}s'"))
            lock = func.pg_advisory_xact_lock if wait else func.pg_try_advisory_xact_lock
            if work.db.scalar(select(lock(_TURN))) is False:
                raise RollRefused("busy")
        else:
            work.db.execute(text("SELECT 1"))  # the first statement is what takes the lock
    except OperationalError as error:
        if not any(words in str(error) for words in _OTHERS_TURN):
            raise
        raise RollRefused("busy") from error
