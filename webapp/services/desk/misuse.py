"""Signs of misuse, as counts of an operator: from the journal alone, so that what an operator did
not write down is not seen, and nothing can be taken back."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Row, and_, case, false, func, or_, select
from sqlalchemy.orm import aliased

from webapp.models import JournalEntry, RollEntry
from webapp.models.operator import Operator
from webapp.rules import limits, misuse
from webapp.services.kernel.work import Work


@dataclass(frozen=True)
class Signs:
    """An operator's: members' pages opened, and of each sign of rules/misuse.py how many."""

    name: str
    looks: int
    counts: Mapping[str, int]


def since(work: Work, begins: datetime) -> list[Signs]:
    """Of every operator who looked, or was refused, since then: the most looks first. Five
    statements, however many there are."""
    names = {row.id: row.name for row in work.db.execute(select(Operator.id, Operator.name))}
    written = _written(work, begins)
    others = {
        "idle": _idle(work, begins),
        "crowd": _crowd(work, begins),
        "colleagues": _colleagues(work, begins, set(map(misuse.called, names.values()))),
    }
    found = []
    for operator_id, counts in written.items():
        looks = counts.pop("looks")
        counts |= {sign: of[operator_id] for sign, of in others.items()}
        in_order = {sign: counts[sign] for sign in misuse.SIGNS}
        found.append(Signs(names.get(operator_id, ""), looks, in_order))
    return sorted(found, key=lambda each: (-each.looks, each.name))


def last_hour(work: Work) -> dict[str, int]:
    """For alerts: of each sign, and of looks, the most that one operator has within the hour."""
    found = since(work, work.now - limits.HOUR)
    most = {sign: max((each.counts[sign] for each in found), default=0) for sign in misuse.SIGNS}
    return {"looks": max((each.looks for each in found), default=0), **most}


def no_desk(_work: Work) -> dict[str, int]:
    """The same where there is no desk: nothing."""
    return {}


def _written(work: Work, begins: datetime) -> dict[int, dict[str, int]]:
    """What a count of events tells."""
    entry = JournalEntry
    looked = entry.event == misuse.LOOKED
    shut = misuse.nights(begins, work.now + timedelta(seconds=1))  # a look of this moment counts
    night = or_(false(), *(and_(entry.at >= since, entry.at < until) for since, until in shut))
    counted = {
        "looks": looked,
        "night": and_(looked, night),
        "unasked": entry.event == misuse.UNASKED,
        "wrong": entry.event == misuse.WRONG,
        "sought": entry.event == misuse.SOUGHT,
        "closed": entry.event == misuse.CLOSED,
    }
    sums = [func.sum(case((which, 1), else_=0)).label(sign) for sign, which in counted.items()]
    rows = work.db.execute(
        select(entry.operator_id, *sums)
        .where(entry.at > begins, entry.operator_id.is_not(None))
        .where(entry.event.in_(misuse.LOOKING))
        .group_by(entry.operator_id)
    )
    return {
        row[0]: {sign: int(n) for sign, n in zip(counted, row[1:], strict=True)} for row in rows
    }


def _of_each(rows: Iterable[Row[int | None, int]]) -> Counter[int]:
    return Counter({row[0]: row[1] for row in rows if row[0] is not None})


def _idle(work: Work, begins: datetime) -> Counter[int]:
    """Looks that no deed of theirs on this member followed, to this day."""
    look, deed = aliased(JournalEntry), aliased(JournalEntry)
    followed = (
        select(deed.id)
        .where(deed.roll_id == look.roll_id, deed.operator_id == look.operator_id)
        .where(deed.at >= look.at, deed.event.not_in(misuse.LOOKING))
        .exists()
    )
    rows = work.db.execute(
        select(look.operator_id, func.count())
        .where(look.at > begins, look.event == misuse.LOOKED, ~followed)
        .group_by(look.operator_id)
    )
    return _of_each(rows)


def _crowd(work: Work, begins: datetime) -> Counter[int]:
    """Members whom several operators looked at, as each of these has them."""
    looked = (JournalEntry.at > begins, JournalEntry.event == misuse.LOOKED)
    crowded = (
        select(JournalEntry.roll_id)
        .where(*looked, JournalEntry.roll_id.is_not(None))
        .group_by(JournalEntry.roll_id)
        .having(func.count(JournalEntry.operator_id.distinct()) >= misuse.CROWD)
    )
    rows = work.db.execute(
        select(JournalEntry.operator_id, func.count(JournalEntry.roll_id.distinct()))
        .where(*looked, JournalEntry.roll_id.in_(crowded))
        .group_by(JournalEntry.operator_id)
    )
    return _of_each(rows)


def _colleagues(work: Work, begins: datetime, called: set[str]) -> Counter[int]:
    """Members who bear the name of an operator, themselves included."""
    rows = work.db.execute(
        select(JournalEntry.operator_id, RollEntry.first_name, RollEntry.last_name)
        .join(RollEntry, RollEntry.id == JournalEntry.roll_id)
        .where(JournalEntry.at > begins, JournalEntry.event == misuse.LOOKED)
        .distinct()
    )
    return Counter(
        row.operator_id for row in rows if misuse.is_namesake(called, row.first_name, row.last_name)
    )
