"""Joining at the very same moment as something else: nobody is in two spaces, nothing counts twice.

Each race is run some times: which of the two comes first is for the database to say.
"""

import pytest
from sqlalchemy import select, update

from player.members import LUCE, ODILE, RENE, on_the_roll
from tests import households
from tests.households import asking
from tests.journeys import count, drafted, in_waiting, mailed_link, reissued
from tests.roll_desk import MAKER
from tests.shared_spaces import household_is_sound, joins
from tests.threads import at_once, refusals
from webapp.models import Account, JoinedMember, JoinRequest, Registration, RollEntry
from webapp.services.account import erasure
from webapp.services.household import answers, effect
from webapp.services.kernel import new_beginning
from webapp.services.letters import reissue
from webapp.services.registration import confirmation, pending

ROUNDS = pytest.mark.parametrize("_round", range(4))
NEW = "neuf@example.org"


@pytest.fixture
def rene(work):
    return households.rene_on_the_roll(work)


@pytest.fixture
def session(work, account_id, rene):
    asking(work)
    return households.owner(work)


def whole(work):
    """The count of each space is that of its rows, and nobody is in two; who joined."""
    household_is_sound(work)
    joined = list(work.db.execute(select(JoinedMember.roll_id)).scalars())
    work.settle()
    return joined


@ROUNDS
def test_both_letters_of_a_household_confirmed_at_once_with_one_new_address(work, rene, _round):
    on_the_roll(work, LUCE)
    links = []
    for letter in (RENE, LUCE):
        in_waiting(work, letter, email="couple@example.org")
        links.append(mailed_link(work))
    ends = at_once(work, 2, lambda own, which: confirmation.by_link(own, links[which]))
    assert ends == ["confirmed"] * 2
    assert count(work, Account) == count(work, JoinRequest) == 1
    assert {confirmation.look(work, each).join for each in links} == {None, "waiting"}


def test_one_registration_confirmed_in_eight_threads_asks_once(work, account_id, rene):
    in_waiting(work, RENE, email=ODILE.email)
    link = mailed_link(work)
    ends = at_once(work, 8, lambda own, _: confirmation.by_link(own, link))
    assert ends == ["confirmed"] * 8
    assert count(work, JoinRequest) == 1


def test_agreed_to_in_eight_threads_it_counts_once(work, session, rene):
    ends = at_once(work, 8, lambda own, _: answers.agree(own, session, rene))
    assert refusals(ends) == ["join_over"] * 7
    assert whole(work) == [rene]


@ROUNDS
def test_agreed_to_and_refused_at_once(work, session, rene, _round):
    acts = (answers.agree, answers.refuse)
    ends = at_once(work, 4, lambda own, which: acts[which % 2](own, session, rene))
    assert refusals(ends) == ["join_over"] * 3
    agreed = any(not isinstance(end, Exception) for end in ends[::2])
    assert whole(work) == ([rene] if agreed else [])
    assert count(work, JoinRequest) == 0


@ROUNDS
def test_agreed_to_while_the_letter_is_replaced(work, session, rene, _round):
    [request] = households.requests(work)

    def act(own, which):
        if which:
            return reissue.reissue(own, [RENE.number], maker=MAKER)
        return answers.agree(own, session, rene)

    ends = at_once(work, 2, act)
    assert refusals(ends) in ([], ["join_over"])
    assert whole(work) == ([] if refusals(ends) else [rene])
    used = work.db.execute(select(JoinedMember.code_mac)).scalars().all()
    assert set(used) <= {request.code_mac}
    letter = work.db.execute(select(RollEntry.code_mac).where(RollEntry.id == rene)).scalar_one()
    assert letter != request.code_mac, "the newer letter did not serve"


@ROUNDS
def test_agreed_to_while_the_space_closes(work, session, rene, _round):
    def act(own, which):
        if not which:
            return answers.agree(own, session, rene)
        closing = {"closing_at": own.now, **new_beginning.counted()}
        return own.db.execute(update(Account).values(closing))

    ends = at_once(work, 2, act)
    assert refusals(ends) in ([], ["session_over"])
    assert whole(work) == ([] if refusals(ends) else [rene])


@ROUNDS
def test_agreed_to_while_the_member_opens_a_space_of_their_own(work, session, rene, _round):
    draft = drafted(work, RENE, email=NEW).registration_id
    own_link = select(Registration.link_id).where(Registration.id == draft)
    link = work.world.seals.seal_link("registration", work.db.execute(own_link).scalar_one())

    def act(own, which):
        if not which:
            return answers.agree(own, session, rene)
        pending.accept_terms(own, draft)
        own.settle()
        return confirmation.by_link(own, link)

    ends = at_once(work, 2, act)
    assert refusals(ends) in (["join_over"], ["registration_done"], [])
    joined = whole(work)
    assert count(work, Account) == (1 if joined else 2)
    if joined:
        assert ends[1] != "confirmed"


@ROUNDS
def test_two_owners_of_one_space_agree_to_two_members(work, session, rene, _round):
    luce = on_the_roll(work, LUCE)
    asking(work, LUCE)
    ids = (rene, luce)
    ends = at_once(work, 2, lambda own, which: answers.agree(own, session, ids[which]))
    assert refusals(ends) == []
    assert sorted(whole(work)) == sorted([rene, luce])


@ROUNDS
def test_agreed_to_while_the_first_member_leaves(work, session, rene, clock, account_id, _round):
    """A newer letter's day is over: the space goes on to who shares it, the new one among them."""
    luce = joins(work, account_id, LUCE)
    in_waiting(work, reissued(work, ODILE), email=NEW)
    assert confirmation.by_link(work, mailed_link(work)) == "confirmed"
    clock.advance(hours=24)

    def act(own, which):
        return answers.agree(own, session, rene) if which else effect.apply_due(own)

    ends = at_once(work, 2, act)
    assert ends[0] == 1 and refusals(ends) == []
    first = work.db.execute(select(Account.roll_id).where(Account.id == account_id)).scalar_one()
    assert sorted([first, *whole(work)]) == sorted([luce, rene])


@ROUNDS
def test_agreed_to_while_another_is_erased(work, session, rene, clock, account_id, _round):
    """Seven days after Luce asked to leave, René comes."""
    luce = joins(work, account_id, LUCE)
    due = update(JoinedMember).values(closing_at=work.now)
    work.db.execute(due.where(JoinedMember.roll_id == luce))
    work.settle()

    def act(own, which):
        return answers.agree(own, session, rene) if which else erasure.erase_due(own)

    ends = at_once(work, 2, act)
    assert ends[0] == 1 and refusals(ends) == []
    assert whole(work) == [rene]
