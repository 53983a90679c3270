"""The guards, at the end of a file: what looks wrong with it as a whole (rules/roll_guards.py)."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, and_, func, select

from webapp.models import RollEntry
from webapp.models.base import table as of
from webapp.rules.roll_file import BadRow, Header
from webapp.rules.roll_guards import (
    ENOUGH,
    EXAMPLES,
    KNOWN_LENGTH,
    SAME_DAY,
    SHARE,
    Hit,
    clear_length,
    grouped,
    surprising,
)
from webapp.rules.roll_values import shown
from webapp.services.roll import lookalikes, reading
from webapp.services.roll.reading import Rows
from webapp.services.roll.report import Import, ReadAgain
from webapp.services.roll.seen import met_twice
from webapp.services.roll.table import NOT_A_TEST
from webapp.services.roll.watch import Found

_ROLL = of(RollEntry)


def look(task: Import, header: Header, rows: Rows) -> list[Hit]:
    """All that hit, in the order of their table; their examples hold no access code."""
    watch = task.watch
    hits = [
        _hit("noms", watch.names),
        lookalikes.look(task),
        _other_length(task),
        _hit("total", watch.totals),
        _shared_codes(task, header, rows),
        _same_birth(task),
        _hit("erreurs", watch.errors) or _decimals(task),
        *_surprises(task),
    ]
    return [hit for hit in hits if hit]


def _hit(word: str, found: Found) -> Hit | None:
    return Hit(word, found.count, tuple(found.examples)) if found.count else None


def _decimals(task: Import) -> Hit | None:
    """A first roll whose numbers end in « .0 »: no known number is there to look like."""
    found = task.watch.decimals
    first = not task.last_id and found.count >= ENOUGH
    return _hit("erreurs", found) if first and 2 * found.count > task.watch.rows else None


def _other_length(task: Import) -> Hit | None:
    """New numbers of another length than the roll's or, while it has none, than the file's."""
    if not task.counts["added"]:
        return None
    roll = _lengths_before(task) if task.last_id else {}
    known = {length for length, count in roll.items() if count >= KNOWN_LENGTH}
    usual = clear_length(roll if sum(roll.values()) >= ENOUGH else dict(task.watch.lengths))
    if usual is None or not task.watch.lengths.keys() - known - {usual}:
        return None
    other = func.length(_ROLL.c.number_key).not_in(known | {usual})
    return _of_added(task, "longueur", other)


def _lengths_before(task: Import) -> dict[int, int]:
    length = func.length(_ROLL.c.number_key)
    asked = select(length, func.count()).where(_ROLL.c.id <= task.last_id, NOT_A_TEST)
    return dict(map(tuple, task.work.db.execute(asked.group_by(length))))


def _of_added(task: Import, word: str, *which: ColumnElement[bool]) -> Hit | None:
    """How many of those added by this import, and the first."""
    added = and_(_ROLL.c.id > task.last_id, *which)
    count = task.work.db.scalar(select(func.count()).where(added))
    asked = select(_ROLL.c.number).where(added).order_by(_ROLL.c.id).limit(EXAMPLES)
    examples = tuple(f"« {shown(number)} »" for number in task.work.db.scalars(asked))
    return Hit(word, count, examples) if count else None


def _same_birth(task: Import) -> Hit | None:
    crowded = [
        (when, count)
        for when, count in task.watch.crowded()
        if count > SAME_DAY and count * SHARE > task.watch.rows
    ]
    examples = (f"{when:%d/%m/%Y} : {grouped(count)} adhérents" for when, count in crowded)
    return Hit("naissance", len(crowded), tuple(examples)[:EXAMPLES]) if crowded else None


def _surprises(task: Import) -> Iterator[Hit | None]:
    """More new members, or more missing ones, than a month brings."""
    added, gone = task.counts["added"], task.counts["missing"]
    if not task.last_id or added + gone == 0:
        return
    before = select(func.count()).where(_ROLL.c.id <= task.last_id, NOT_A_TEST)
    known = task.work.db.scalar(before) or 0
    if known and surprising(added, known):
        yield _of_added(task, "nouveaux")
    if surprising(gone, known):
        yield Hit("manquants", gone, tuple(f"« {each} »" for each in task.absent[:EXAMPLES]))


class _Nobody:
    """Who listens when the file is read for the guards: all has been told."""

    def bad(self, line: int, row: BadRow) -> None:
        """Nothing to do."""

    def total(self, line: int, text: str) -> None:
        """Nothing to do."""


def _shared_codes(task: Import, header: Header, rows: Rows) -> Hit | None:
    """A code that several members were given: the file is read again for who they are.

    Raises ReadAgain where no row was compared with those before it yet (services/roll/twins.py).
    """
    twice = met_twice(task.watch.codes)
    if not twice:
        return None
    first: dict[str, tuple[str, int]] = {}
    told, found = set[str](), Found()
    for good in reading.good_rows(header, rows, task.now.date(), _Nobody()):
        for at, code in enumerate(good.access_codes):
            if code is None or hash(code) not in twice:
                continue
            whose, line = first.setdefault(code, (good.identities[at], good.lines[at]))
            if whose != good.identities[at] and code not in told:
                told.add(code)
                found.note(f"lignes {line} et {good.lines[at]}")
    if found.count and task.alone:
        raise ReadAgain  # nobody was looked up: two of them may have numbers that look alike
    return _hit("codes", found)
