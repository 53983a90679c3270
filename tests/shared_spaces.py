"""Spaces of several for tests: built straight into the tables, and checked as a whole."""

from collections import Counter
from datetime import timedelta

from sqlalchemy import Connection, select

from player import households
from player.households import Companion
from player.members import Letter
from webapp.models import Account, JoinedMember, RollEntry
from webapp.services.kernel.work import Work


def joins(work: Work, account_id: int, letter: Letter, *, minutes: int = 0) -> int:
    """The letter's member is in this space from now on (so many minutes later); their entry."""
    first = letter.email.partition("@")[0].capitalize()
    companion = Companion(letter, "M.", first, "Exemple", "Santé Confort")
    roll_id = households.joins(
        work, account_id, companion, at=work.now + timedelta(minutes=minutes)
    )
    work.settle()
    return roll_id


def members_of(work: Work, account_id: int) -> list[str]:
    """The numbers of a space's members, its first one first."""
    first = select(RollEntry.number).join(Account, Account.roll_id == RollEntry.id)
    joined = select(RollEntry.number).join(JoinedMember, JoinedMember.roll_id == RollEntry.id)
    found = [
        *work.db.scalars(first.where(Account.id == account_id)),
        *work.db.scalars(
            joined.where(JoinedMember.account_id == account_id).order_by(JoinedMember.joined_at)
        ),
    ]
    work.settle()
    return found


def household_is_sound(work: Work) -> None:
    """`sound`, in a transaction of its own."""
    sound(work.db)
    work.settle()


def sound(db: Connection) -> None:
    """Nobody is in two spaces, and each space counts those who joined it. (No space is without a
    member: its first one is a column that is never empty.)"""
    first = db.scalars(select(Account.roll_id)).all()
    joined = db.scalars(select(JoinedMember.roll_id)).all()
    counted = {row.id: row.joined for row in db.execute(select(Account.id, Account.joined))}
    rows = Counter(db.scalars(select(JoinedMember.account_id)))
    twice = [each for each, times in Counter([*first, *joined]).items() if times > 1]
    assert not twice, f"in two spaces: {twice}"
    assert counted == {whose: rows[whose] for whose in counted}, "miscounted"
    assert rows.keys() <= counted.keys(), "joined to no space"
