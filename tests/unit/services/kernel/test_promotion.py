"""Who goes out of a space of several, and who is its first member then."""

import pytest
from sqlalchemy import select, update

from player.members import LUCE, ODILE, RENE, becomes
from tests.journeys import signed_in
from tests.shared_spaces import household_is_sound, joins, members_of
from tests.threads import at_once
from webapp.models import Account, JoinedMember, RollEntry, StoredSession
from webapp.rules.ranks import Rank
from webapp.rules.statuses import DECEASED, LEFT
from webapp.services.kernel import promotion, sessions

pytestmark = pytest.mark.usefixtures("account_id")


@pytest.fixture
def of(work, account_id):
    """The entries of the roll of the three who share Odile's space, René before Luce."""
    joins(work, account_id, RENE)
    joins(work, account_id, LUCE, minutes=5)
    return {each: entry(work, each) for each in (ODILE, RENE, LUCE)}


def entry(work, letter):
    found = work.db.execute(select(RollEntry.id).where(RollEntry.number == letter.number))
    return found.scalar_one()


def let_go(work, account_id, roll_id, **how):
    to = promotion.let_go(work, account_id, roll_id, **how)
    work.settle()
    household_is_sound(work)
    return to


def numbers(*letters):
    return [each.number for each in letters]


def test_who_joined_goes_and_the_others_stay_as_they_are(work, account_id, of):
    assert let_go(work, account_id, of[RENE]) == ODILE.email
    assert members_of(work, account_id) == numbers(ODILE, LUCE)


def test_the_longest_joined_becomes_the_first_with_all_that_is_theirs(work, account_id, of, clock):
    theirs = {"code_mac": b"of-rene", "terms_version": "2020", "closing_at": clock.now()}
    work.db.execute(update(JoinedMember).where(JoinedMember.roll_id == of[RENE]).values(theirs))
    assert let_go(work, account_id, of[ODILE]) == ODILE.email
    assert members_of(work, account_id) == numbers(RENE, LUCE)
    row = work.db.execute(select(Account.__table__)).one()
    assert {name: getattr(row, name) for name in theirs} == theirs
    assert row.email == ODILE.email


def test_who_becomes_the_first_keeps_the_day_on_which_they_joined(work, account_id, of):
    joined = select(JoinedMember.joined_at).where(JoinedMember.roll_id == of[LUCE])
    joined_at = work.db.scalars(joined).one()
    for each in (ODILE, RENE):
        assert let_go(work, account_id, of[each])
    assert work.db.scalars(select(Account.first_joined_at)).one() == joined_at


@pytest.mark.parametrize(("read", "rank"), [("2020", Rank.TERMS), (None, Rank.MEMBER)])
def test_open_sessions_come_to_the_terms_that_who_becomes_the_first_has_read(
    work, account_id, of, read, rank
):
    terms = read or work.world.terms.version
    work.db.execute(update(JoinedMember).values(terms_version=terms))
    token = signed_in(work).token
    other = Rank.MEMBER if rank is Rank.TERMS else Rank.TERMS
    work.db.execute(update(StoredSession).values(rank=other))
    for each in (ODILE, RENE):
        assert let_go(work, account_id, of[each])
    assert sessions.find(work, token).rank is rank


@pytest.mark.parametrize("status", [LEFT, DECEASED])
def test_who_is_not_here_any_more_becomes_it_last(work, account_id, of, status):
    becomes(work, status, RENE)
    let_go(work, account_id, of[ODILE])
    assert members_of(work, account_id) == numbers(LUCE, RENE)
    let_go(work, account_id, of[LUCE])
    assert members_of(work, account_id) == numbers(RENE)


def test_the_last_one_is_not_let_go(work, account_id, of):
    for each in (ODILE, RENE):
        assert let_go(work, account_id, of[each])
    assert let_go(work, account_id, of[LUCE]) is None
    assert members_of(work, account_id) == numbers(LUCE)


def test_a_stranger_to_the_space_or_who_left_already_changes_nothing(work, account_id, of):
    assert let_go(work, account_id, of[RENE])
    assert let_go(work, account_id, of[RENE]) is None
    assert let_go(work, account_id, 0) is None
    assert members_of(work, account_id) == numbers(ODILE, LUCE)


def test_for_a_closing_only_who_asked_for_it_and_whose_days_are_over(work, account_id, of, clock):
    for each in (ODILE, RENE):
        assert let_go(work, account_id, of[each], closing=True) is None
    soon = clock.now()
    clock.advance(minutes=-1)
    work.db.execute(update(Account).values(closing_at=soon))
    work.db.execute(update(JoinedMember).values(closing_at=soon))
    for each in (ODILE, RENE):
        assert let_go(work, account_id, of[each], closing=True) is None
    clock.advance(minutes=1)
    assert let_go(work, account_id, of[ODILE], closing=True)
    assert let_go(work, account_id, of[LUCE], closing=True)
    assert members_of(work, account_id) == numbers(RENE)


@pytest.mark.parametrize("again", range(3))
def test_all_three_at_once_and_exactly_one_stays(work, account_id, of, again):
    who = list(of.values())
    gone = at_once(work, 6, lambda own, at: promotion.let_go(own, account_id, who[at % 3]))
    household_is_sound(work)
    assert [each for each in gone if each is not None] == [ODILE.email] * 2
    assert len(members_of(work, account_id)) == 1
