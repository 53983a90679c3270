"""The mutual shuts all that is open or under way for a member whose phone was stolen, say."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import select, update

from webapp.models import Account, RollEntry
from webapp.services import journal, new_beginning, recent_steps
from webapp.services.recent_steps import RecentStep
from webapp.services.reissue import NotOnTheRoll, Why
from webapp.services.work import Work


@dataclass(frozen=True)
class Named:
    """A member as the roll has them, and the recent second steps of their space."""

    number: str
    names: str
    has_space: bool
    recent: tuple[RecentStep, ...]


def named(work: Work, number_keys: Sequence[str]) -> list[Named]:
    """Whom these numbers are, changing nothing. Raises NotOnTheRoll."""
    found = []
    for row in [_member(work, each) for each in dict.fromkeys(number_keys)]:
        names = " ".join(filter(None, (row.civility, row.first_name, row.last_name)))
        recent = recent_steps.listed(work, row.id) if row.id is not None else ()
        found.append(Named(row.number, names, row.id is not None, recent))
    return found


def shut(work: Work, number_keys: Sequence[str], *, reason: str = "") -> int:
    """End all that is open in these members' names, on every host; returns how many of them have
    a space. `reason`, if any, stays in the journal, which the member may read.

    Raises NotOnTheRoll, nothing being ended then."""
    accounts = [_member(work, each).id for each in dict.fromkeys(number_keys)]
    with_a_space = [each for each in accounts if each is not None]
    why: Why = {"reason": reason} if reason else {}
    for account_id in with_a_space:
        own = update(Account).where(Account.id == account_id)
        work.db.execute(own.values(new_beginning.counted()))
        new_beginning.end_begun(work, account_id)
        journal.write(work, "session.shut_by_mutual", account_id=account_id, **why)
    return len(with_a_space)


def remove_recent_steps(work: Work, number_keys: Sequence[str]) -> int:
    """The recent second steps of these members open nothing any more; returns how many there were.

    After `shut`, which holds the accounts: none is added beside it.
    """
    count = 0
    for row in [_member(work, each) for each in dict.fromkeys(number_keys)]:
        if row.id is not None and row.email is not None:
            all_of_them = (recent_steps.ALL,)
            count += len(recent_steps.remove(work, row.id, all_of_them, email=row.email))
    return count


class _Member(NamedTuple):
    number: str
    civility: str
    first_name: str
    last_name: str
    id: int | None
    email: str | None


def _member(work: Work, number_key: str) -> _Member:
    """The roll entry, and `id` and `email` of its account, None without a space."""
    row = work.db.execute(
        select(
            RollEntry.number,
            RollEntry.civility,
            RollEntry.first_name,
            RollEntry.last_name,
            Account.id,
            Account.email,
        )
        .select_from(RollEntry)
        .outerjoin(Account, Account.roll_id == RollEntry.id)
        .where(RollEntry.number_key == number_key)
    ).first()
    if row is None:
        raise NotOnTheRoll(number_key)
    return _Member(*row)
