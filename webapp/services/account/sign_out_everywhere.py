"""The mutual shuts all that is open or under way for a member whose phone was stolen, say."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import select, update

from webapp.models import Account, RollEntry
from webapp.services.kernel import journal, new_beginning
from webapp.services.kernel.work import Work
from webapp.services.roll.members import Named, NotOnTheRoll, named
from webapp.services.sign_in import recent_factors
from webapp.services.sign_in.recent_factors import RecentStep


@dataclass(frozen=True)
class Reached:
    """A member whom a sign-out is to reach, and the recent second steps of their space."""

    member: Named
    has_space: bool
    recent: tuple[RecentStep, ...]


def reached(work: Work, number_keys: Sequence[str]) -> list[Reached]:
    """Whom these numbers are, changing nothing. Raises NotOnTheRoll."""
    keys = list(dict.fromkeys(number_keys))
    return [
        Reached(member, account.id is not None, _recent(work, account.id))
        for member, account in zip(named(work, keys), _accounts(work, keys), strict=True)
    ]


def _recent(work: Work, account_id: int | None) -> tuple[RecentStep, ...]:
    return () if account_id is None else recent_factors.listed(work, account_id)


def shut(work: Work, number_keys: Sequence[str], *, reason: str = "") -> int:
    """End all that is open in these members' names, on every host; returns how many of them have
    a space. `reason`, if any, stays in the journal, which the member may read.

    Raises NotOnTheRoll, nothing being ended then."""
    with_a_space = [each.id for each in _accounts(work, number_keys) if each.id is not None]
    for account_id in with_a_space:
        own = update(Account).where(Account.id == account_id)
        work.db.execute(own.values(new_beginning.counted()))
        new_beginning.end_begun(work, account_id)
        journal.write(work, "session.shut_by_mutual", account_id=account_id, **journal.why(reason))
    return len(with_a_space)


def remove_recent_steps(work: Work, number_keys: Sequence[str]) -> int:
    """The recent second steps of these members open nothing any more; returns how many there were.

    After `shut`, which holds the accounts: none is added beside it.
    """
    count = 0
    for row in _accounts(work, number_keys):
        if row.id is not None and row.email is not None:
            all_of_them = (recent_factors.ALL,)
            count += len(recent_factors.remove(work, row.id, all_of_them, email=row.email))
    return count


class _Account(NamedTuple):
    id: int | None
    email: str | None


def _accounts(work: Work, number_keys: Sequence[str]) -> list[_Account]:
    """`id` and `email` of each member's account, None without a space. Raises NotOnTheRoll."""
    return [_account(work, each) for each in dict.fromkeys(number_keys)]


def _account(work: Work, number_key: str) -> _Account:
    row = work.db.execute(
        select(Account.id, Account.email)
        .select_from(RollEntry)
        .outerjoin(Account, Account.roll_id == RollEntry.id)
        .where(RollEntry.number_key == number_key)
    ).first()
    if row is None:
        raise NotOnTheRoll(number_key)
    return _Account(*row)
