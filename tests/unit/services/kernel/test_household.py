"""Who shares a space."""

from datetime import timedelta

from sqlalchemy import select

from player.households import GERARD, SUZANNE, joins, with_household
from player.members import ODILE, RENE, becomes, with_account
from player.world import StillClock
from webapp.models import Account, JoinedMember, RollEntry
from webapp.rules.statuses import LEFT
from webapp.services.kernel import household
from webapp.services.kernel.work import Work


def test_a_space_s_first_member_comes_first_then_those_who_joined(
    work: Work, clock: StillClock
) -> None:
    home = with_household(work, GERARD)
    clock.advance(days=1)
    suzanne = joins(work, home.account_id, SUZANNE)
    everybody = household.persons(work, home.account_id)
    assert [each.number for each in everybody] == [
        ODILE.number,
        GERARD.letter.number,
        SUZANNE.letter.number,
    ]
    assert [each.since for each in everybody] == [None, work.now - timedelta(days=1), work.now]
    assert [each.roll_id for each in everybody] == [*home.roll_ids, suzanne]
    assert [each.name for each in everybody] == ["Mme Odile Exemple", GERARD.name, SUZANNE.name]


def test_who_joined_is_counted_by_the_account(work: Work) -> None:
    home = with_household(work, GERARD, SUZANNE)
    assert work.db.execute(select(Account.joined)).scalars().all() == [2]
    rows = select(JoinedMember.account_id)
    assert work.db.execute(rows).scalars().all() == [home.account_id] * 2


def test_any_member_s_entry_leads_to_their_space(work: Work) -> None:
    home = with_household(work, GERARD)
    alone = with_account(work, RENE)
    found = select(RollEntry.number, household.account_of(RollEntry.id))
    assert {each.number: each[1] for each in work.db.execute(found)} == {
        ODILE.number: home.account_id,
        GERARD.letter.number: home.account_id,
        RENE.number: alone,
    }


def test_a_space_stays_open_while_one_of_its_members_is_here(work: Work) -> None:
    home = with_household(work, GERARD)

    def status() -> str:
        asked = (
            select(household.status())
            .select_from(Account)
            .join(RollEntry, RollEntry.id == Account.roll_id)
            .where(Account.id == home.account_id)
        )
        return work.db.execute(asked).scalar_one()

    work.settle()
    becomes(work, LEFT, ODILE)
    assert status() != LEFT
    becomes(work, LEFT, GERARD.letter)
    assert status() == LEFT
