"""The mutual shuts all that is open or under way for a member whose phone was stolen, say."""

from collections.abc import Sequence

from sqlalchemy import select, update

from webapp.models import Account, RollEntry
from webapp.services import journal, new_beginning
from webapp.services.reissue import NotOnTheRoll
from webapp.services.work import Work


def shut(work: Work, number_keys: Sequence[str]) -> int:
    """End all that is open in these members' names, on every host; returns how many of them have
    a space. Raises NotOnTheRoll, nothing being ended then."""
    accounts = [_account_of(work, each) for each in dict.fromkeys(number_keys)]
    with_a_space = [each for each in accounts if each is not None]
    for account_id in with_a_space:
        own = update(Account).where(Account.id == account_id)
        work.db.execute(own.values(new_beginning.counted()))
        new_beginning.end_begun(work, account_id)
        journal.write(work, "session.shut_by_mutual", account_id=account_id)
    return len(with_a_space)


def _account_of(work: Work, number_key: str) -> int | None:
    row = work.db.execute(
        select(Account.id)
        .select_from(RollEntry)
        .outerjoin(Account, Account.roll_id == RollEntry.id)
        .where(RollEntry.number_key == number_key)
    ).first()
    if row is None:
        raise NotOnTheRoll(number_key)
    account_id: int | None = row.id
    return account_id
