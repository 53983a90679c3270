"""The mutual shuts all that is open or under way for a member whose phone was stolen, say."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import select, update

from webapp.models import Account, RollEntry
from webapp.rules.persons import Person
from webapp.services.kernel import household, journal, new_beginning
from webapp.services.kernel.work import Work
from webapp.services.roll.members import Named, id_of, named
from webapp.services.sign_in import recent_factors
from webapp.services.sign_in.recent_factors import RecentStep


@dataclass(frozen=True)
class Reached:
    """A member whom a sign-out is to reach, and the recent second steps of their space. `others`:
    who shares it, and is signed out with them."""

    member: Named
    has_space: bool
    recent: tuple[RecentStep, ...]
    others: tuple[Person, ...] = ()


def reached(work: Work, typed: Sequence[str]) -> list[Reached]:
    """Whom these numbers mean, changing nothing. Raises NotOnTheRoll."""
    members = named(work, typed)
    accounts = _accounts(work, [member.number for member in members])
    return [
        Reached(
            member,
            account.id is not None,
            _recent(work, account.id),
            household.others(work, account.id, account.roll_id),
        )
        for member, account in zip(members, accounts, strict=True)
    ]


def _recent(work: Work, account_id: int | None) -> tuple[RecentStep, ...]:
    return () if account_id is None else recent_factors.listed(work, account_id)


def shut(work: Work, numbers: Sequence[str], *, reason: str = "") -> int:
    """End all that is open in these members' names, on every host; returns how many of them have
    a space. `numbers`: as the mutual writes them. `reason`, if any, stays in the journal, which the
    member may read.

    Raises NotOnTheRoll, nothing being ended then."""
    with_a_space = [each.id for each in _accounts(work, numbers) if each.id is not None]
    for account_id in dict.fromkeys(with_a_space):
        own = update(Account).where(Account.id == account_id)
        work.db.execute(own.values(new_beginning.counted()))
        new_beginning.end_begun(work, account_id)
        journal.write(work, "session.shut_by_mutual", account_id=account_id, **journal.why(reason))
    return len(with_a_space)


def remove_recent_steps(work: Work, numbers: Sequence[str]) -> int:
    """The recent second steps of these members open nothing any more; returns how many there were.

    After `shut`, which holds the accounts: none is added beside it.
    """
    count = 0
    spaces = {row.id: row for row in _accounts(work, numbers)}
    for row in spaces.values():
        if row.id is not None and row.email is not None:
            all_of_them = (recent_factors.ALL,)
            count += len(recent_factors.remove(work, row.id, all_of_them, email=row.email))
    return count


class _Account(NamedTuple):
    roll_id: int
    id: int | None
    email: str | None


def _accounts(work: Work, numbers: Sequence[str]) -> list[_Account]:
    """`id` and `email` of each member's account, None without a space. Raises NotOnTheRoll."""
    entries = dict.fromkeys([id_of(work, number) for number in numbers])
    return [_account(work, each) for each in entries]


def _account(work: Work, roll_id: int) -> _Account:
    of = select(RollEntry.id, Account.id, Account.email).outerjoin(
        Account, Account.id == household.account_of(RollEntry.id)
    )
    return _Account(*work.db.execute(of.where(RollEntry.id == roll_id)).one())
