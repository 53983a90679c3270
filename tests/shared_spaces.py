"""Spaces of several for tests: built straight into the tables, and checked as a whole."""

from collections import Counter
from datetime import timedelta

from sqlalchemy import insert, select, update

from player.members import Letter, on_the_roll
from webapp.models import Account, JoinedMember, RollEntry, TermsAcceptance
from webapp.services.kernel.work import Work


def joins(work: Work, account_id: int, letter: Letter, *, minutes: int = 0) -> int:
    """The letter's member is in this space from now on (so many minutes later); their entry."""
    roll_id = on_the_roll(work, letter)
    work.db.execute(update(RollEntry).where(RollEntry.id == roll_id).values(**_names(letter)))
    mac = select(RollEntry.code_mac).where(RollEntry.id == roll_id).scalar_subquery()
    terms, at = work.world.terms, work.now + timedelta(minutes=minutes)
    own = {"account_id": account_id, "roll_id": roll_id}
    work.db.execute(
        insert(JoinedMember).values(**own, code_mac=mac, terms_version=terms.version, joined_at=at)
    )
    more = update(Account).where(Account.id == account_id)
    work.db.execute(more.values(joined=Account.joined + 1))
    work.db.execute(
        insert(TermsAcceptance).values(
            **own, version=terms.version, text_hash=terms.text_hash, accepted_at=at, origin="::1"
        )
    )
    work.settle()
    return roll_id


def _names(letter: Letter) -> dict[str, str]:
    first = letter.email.partition("@")[0].capitalize()
    return {"civility": "M.", "first_name": first, "last_name": "Exemple"}


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
    """Nobody is in two spaces, and each space counts those who joined it. (No space is without a
    member: its first one is a column that is never empty.)"""
    first = work.db.scalars(select(Account.roll_id)).all()
    joined = work.db.scalars(select(JoinedMember.roll_id)).all()
    counted = dict(work.db.execute(select(Account.id, Account.joined)).all())
    rows = Counter(work.db.scalars(select(JoinedMember.account_id)))
    work.settle()
    twice = [each for each, times in Counter([*first, *joined]).items() if times > 1]
    assert not twice, f"in two spaces: {twice}"
    assert counted == {whose: rows[whose] for whose in counted}, "miscounted"
    assert rows.keys() <= counted.keys(), "joined to no space"
