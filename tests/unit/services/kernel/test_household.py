"""Who shares a space."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from player.households import GERARD, SUZANNE, joins, with_household
from player.members import ODILE, RENE, becomes, with_account
from player.statements import Statements
from player.world import StillClock
from tests.journeys import signed_in
from webapp.models import Account, JoinedMember, RollEntry
from webapp.rules.ranks import Member, Rank
from webapp.rules.statuses import LEFT
from webapp.services.kernel import household, new_beginning, other_sessions, sessions
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
    assert [each.name for each in everybody] == [
        "Mme\u00a0Odile Exemple",
        GERARD.name,
        SUZANNE.name,
    ]


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


@pytest.fixture
def sessions_of(work: Work, clock: StillClock) -> tuple[str, list[Member]]:
    """A session's cookie, and the session as pages of Odile and of Gérard find it: she has new
    terms to accept, he has not."""
    home = with_household(work, GERARD)
    work.db.execute(update(Account).values(terms_version="2025-01"))
    token = signed_in(work).token
    found = [sessions.find(work, token, each) for each in home.roll_ids]
    return token, [each for each in found if isinstance(each, Member)]


def test_the_rank_is_that_of_the_member_shown(sessions_of: tuple[str, list[Member]]) -> None:
    assert [each.rank for each in sessions_of[1]] == [Rank.TERMS, Rank.MEMBER]


def test_a_use_prolongs_the_session_whoever_is_shown(
    work: Work, clock: StillClock, sessions_of: tuple[str, list[Member]]
) -> None:
    token, each = sessions_of
    for shown in each * 2:
        clock.advance(minutes=20)
        sessions.touch(work, shown)
        assert sessions.find(work, token)


def test_this_session_stays_while_the_others_end_whoever_is_shown(
    work: Work, sessions_of: tuple[str, list[Member]]
) -> None:
    token, each = sessions_of
    for epoch, shown in enumerate(each, start=1):
        other = signed_in(work, browser=f"another {epoch}").token
        work.db.execute(update(Account).values(new_beginning.counted()))
        other_sessions.end_others(work, shown, epoch)
        assert sessions.find(work, token) and not sessions.find(work, other)


def test_who_shares_the_space_is_read_once_a_request_unless_their_number_changed(
    work: Work, sessions_of: tuple[str, list[Member]]
) -> None:
    token, (first, _) = sessions_of
    for known, asks in ((first.persons, 1), (first.persons[:1], 2), ((), 2)):
        with Statements(work.db.engine) as statements:
            again = sessions.find(work, token, None, known)
        assert len(statements.seen) == asks
        assert isinstance(again, Member) and again.persons == first.persons
