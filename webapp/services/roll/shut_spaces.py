"""Spaces that a change of the roll closes or opens again: their members read it in the journal. Of
several who share one, it says that one is gone, or back; the last one closes it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select

from webapp.models import Account, JoinedMember, RollEntry
from webapp.models.base import table as of
from webapp.rules.statuses import CLOSED_SPACE
from webapp.services.kernel import journal
from webapp.services.kernel.work import Work
from webapp.services.roll.table import Among

Changed = tuple[int, str, str]  # an account, its member's status before, and now

_ACCOUNT, _JOINED, _ROLL = of(Account), of(JoinedMember), of(RollEntry)
_FIRST = Among(
    select(_ACCOUNT.c.id, _ROLL.c.status)
    .join(_ROLL, _ROLL.c.id == _ACCOUNT.c.roll_id)
    .where(_ACCOUNT.c.joined > 0),
    _ACCOUNT.c.id,
)
_OTHERS = Among(
    select(_JOINED.c.account_id, _ROLL.c.status).join(_ROLL, _ROLL.c.id == _JOINED.c.roll_id),
    _JOINED.c.account_id,
)


def note(work: Work, changed: Iterable[Changed]) -> None:
    """Write it down for each account that is concerned, all at once, after the change. One that was
    closed and stays so is told when the reason is another."""
    moved = [each for each in changed if each[1] != each[2] and not CLOSED_SPACE.isdisjoint(each)]
    if not moved:
        return
    here = _here(work, sorted({account_id for account_id, _, _ in moved}))
    gone = [(whose, now) for whose, _, now in moved if now in CLOSED_SPACE]
    shut = {whose: {"status": now} for whose, now in gone if not here.get(whose)}
    journal.write_each(work, "space.shut", shut.items())
    journal.write_each(
        work, "person.gone", [(whose, {"status": now}) for whose, now in gone if here.get(whose)]
    )
    back = [(whose, now) for whose, _, now in moved if now not in CLOSED_SPACE]
    all_of_them = {
        whose for whose, count in Counter(whose for whose, _ in back).items()
        if here.get(whose, count) == count
    }  # fmt: skip
    opened = {whose: {"status": now} for whose, now in back if whose in all_of_them}
    journal.write_each(work, "space.reopened", opened.items())
    others = [(whose, {"status": now}) for whose, now in back if whose not in all_of_them]
    journal.write_each(work, "person.back", others)


def _here(work: Work, account_ids: Sequence[int]) -> Mapping[int, int]:
    """How many members are here, of each of these spaces that several share."""
    first = {row[0]: row[1] for row in _FIRST.rows(work, account_ids)}
    if not first:
        return {}
    rows = [*first.items(), *((row[0], row[1]) for row in _OTHERS.rows(work, sorted(first)))]
    return dict.fromkeys(first, 0) | Counter(
        whose for whose, status in rows if status not in CLOSED_SPACE
    )
