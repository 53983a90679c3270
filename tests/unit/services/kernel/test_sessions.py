"""The session store: found by a known, live id alone; nothing brings an ended session back."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from player.members import RENE, with_account
from tests.journeys import count, enter, found
from tests.threads import at_once
from webapp.models import StoredSession
from webapp.rules import lifetimes
from webapp.rules.ranks import Rank
from webapp.services.kernel import new_beginning, sessions


@pytest.fixture
def token(work):
    return enter(work, Rank.MEMBER, None, account_id=with_account(work), agent="Firefox")


def test_a_session_is_found_by_its_id_with_its_members_address(work, token):
    session = found(work, token)
    assert (session.rank, session.email) == (Rank.MEMBER, "odile@example.org")


def test_an_unknown_id_is_found_nowhere_and_adopted_by_nothing(work, token):
    assert sessions.find(work, "an id of the visitor's own making") is None
    assert sessions.find(work, "") is None
    assert count(work, StoredSession) == 1


def test_a_session_left_idle_is_not_found_any_more(work, clock, token):
    clock.advance(minutes=29, seconds=59)
    assert sessions.find(work, token)
    clock.advance(seconds=1)
    assert sessions.find(work, token) is None


def test_use_keeps_a_session_until_its_whole_end_and_no_longer(work, clock, token):
    for _ in range(12 * 60 // 20 - 1):
        clock.advance(minutes=20)
        sessions.touch(work, found(work, token))
    clock.advance(minutes=19, seconds=59)
    assert sessions.find(work, token)
    clock.advance(seconds=1)
    assert sessions.find(work, token) is None


def test_a_registration_keeps_its_steps_as_long_as_its_link_lives(work, clock):
    token = enter(work, Rank.REGISTERING, None)
    clock.advance(hours=23, minutes=59)
    assert sessions.find(work, token)
    clock.advance(minutes=1)
    assert sessions.find(work, token) is None


def test_the_id_changes_with_the_rank_and_the_former_one_opens_nothing(work):
    account_id = with_account(work)
    ids = [enter(work, Rank.REGISTERING, None)]
    for rank in (Rank.WAITING, Rank.CODE, Rank.MEMBER):
        fields = {"account_id": account_id, "browser_key": f"that of {rank}"}
        ids.append(enter(work, rank, found(work, ids[-1]), **fields))
        assert found(work, ids[-1]).rank is rank
    assert len(set(ids)) == len(ids)
    assert [sessions.find(work, each) for each in ids[:-1]] == [None] * 3
    assert count(work, StoredSession) == 1


def test_a_new_rank_keeps_nothing_of_the_former_one(work):
    fields = {"browser_key": "key", "codes": "mac@1 ", "tries_left": 5, "remember": True}
    former = enter(work, Rank.CODE, None, account_id=with_account(work), **fields)
    enter(work, Rank.WAITING, found(work, former))
    session = StoredSession
    columns = (session.codes, session.browser_key, session.remember, session.account_id)
    assert work.db.execute(select(*columns)).one() == ("", None, False, None)


@pytest.mark.parametrize("rank", [Rank.CODE, Rank.TERMS, Rank.MEMBER])
def test_a_row_that_lacks_what_its_rank_has_is_a_fault_and_no_session(work, rank):
    token = enter(work, rank, None)
    with pytest.raises(ValueError, match="of no account"):
        sessions.find(work, token)


def test_a_sign_in_under_way_without_a_browser_is_a_fault(work):
    token = enter(work, Rank.CODE, None, account_id=with_account(work))
    with pytest.raises(ValueError, match="of no browser"):
        sessions.find(work, token)


def test_an_ended_session_cannot_come_back_through_a_slow_request(work, token):
    slow = found(work, token)
    sessions.end(work, slow)
    sessions.touch(work, slow)
    assert sessions.find(work, token) is None
    assert count(work, StoredSession) == 0


def test_a_slow_request_of_a_former_rank_does_not_prolong_the_new_one(work, clock):
    former = found(work, enter(work, Rank.REGISTERING, None))
    token = enter(work, Rank.MEMBER, former, account_id=with_account(work))
    sessions.touch(work, former)
    clock.advance(minutes=30)
    assert sessions.find(work, token) is None


def test_a_sign_out_against_eight_slow_requests_wins(work, token):
    session = found(work, token)

    def leave_or_touch(own, which):
        (sessions.end if which == 4 else sessions.touch)(own, session)

    at_once(work, 8, leave_or_touch)
    assert sessions.find(work, token) is None


def test_ending_all_sessions_of_an_account_leaves_those_of_others(work, token):
    second = enter(work, Rank.MEMBER, None, account_id=found(work, token).account_id)
    others = enter(work, Rank.MEMBER, None, account_id=with_account(work, RENE))
    new_beginning.end_all(work, found(work, token).account_id)
    assert sessions.find(work, token) is sessions.find(work, second) is None
    assert sessions.find(work, others)


def test_a_use_is_written_once_a_minute_at_most(work, clock, token):
    session = found(work, token)
    assert not sessions.is_stale(clock.now() + timedelta(seconds=59), session)
    assert sessions.is_stale(clock.now() + lifetimes.SESSION_TOUCH, session)


def test_the_store_holds_the_hash_of_the_id_not_the_id(work, token):
    row = work.db.execute(select(StoredSession.__table__)).one()
    assert row.id_hash == sessions.hashed(token)
    assert token.encode() not in row.id_hash
