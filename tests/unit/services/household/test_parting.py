"""The mutual parts a member from a space of several."""

import pytest
from sqlalchemy import select, update

from player import mails
from player.members import LUCE, ODILE, RENE, becomes, with_account
from tests.journeys import count, in_waiting, journalled, refused, reissued, signed_in
from tests.shared_spaces import household_is_sound, members_of
from tests.threads import at_once
from webapp.models import Account, JoinedMember, Leaving, TermsAcceptance
from webapp.rules import lifetimes
from webapp.rules.statuses import DECEASED
from webapp.services.account import erasure
from webapp.services.household import effect, parting
from webapp.services.household.parting import Alone
from webapp.services.kernel import sessions
from webapp.services.registration import pending
from webapp.services.roll.members import NotOnTheRoll

pytestmark = pytest.mark.usefixtures("account_id", "rene")


def part(work, letter, **why):
    parting.part(work, letter.number, **why)
    work.settle()


def test_whom_it_reaches_and_who_stays_is_told_beforehand(work, luce):
    found = parting.reached(work, RENE.number)
    assert found.member.number == RENE.number
    assert [each.number for each in found.others] == [ODILE.number, LUCE.number]


def test_they_are_out_at_once_and_the_others_stay_signed_in(work, account_id, rene):
    inside = signed_in(work)
    assert sessions.find(work, inside.token, rene).roll_id == rene
    part(work, RENE, reason="appel du 1er décembre")
    assert members_of(work, account_id) == [ODILE.number]
    after = sessions.find(work, inside.token, rene)
    assert after.roll_id != rene and not after.persons
    why = {"reason": "appel du 1er décembre"}
    assert journalled(work, "person.parted") == [why, why]
    told = [(each.name, each.to) for each in mails.waiting(work) if each.name == "parted"]
    assert told == [("parted", ODILE.email)]
    assert "M.\u00a0Rene Exemple" in mails.waiting(work)[-1].text


def test_the_first_member_is_parted_and_the_space_is_the_next_one_s(work, account_id, luce):
    part(work, ODILE)
    assert members_of(work, account_id) == [RENE.number, LUCE.number]
    assert signed_in(work), "its address and its password stay"


def test_their_letter_is_used_up_and_another_one_opens_a_space(work):
    part(work, RENE)
    with refused("letter_spent"):
        in_waiting(work, RENE)
    newer = reissued(work, RENE)
    link_of = in_waiting(work, newer)
    assert pending.find(work, link_of).newer is False
    assert mails.waiting(work)[-1].to == RENE.email


def test_what_they_signed_is_kept_as_after_an_erasure(work, rene, account_id):
    part(work, RENE)
    proofs = work.db.execute(
        select(TermsAcceptance.account_id, TermsAcceptance.kept_until).where(
            TermsAcceptance.roll_id == rene
        )
    ).all()
    assert [tuple(each) for each in proofs] == [(None, work.now + lifetimes.TERMS_PROOF)]


def test_what_their_newer_letter_had_begun_ends(work, clock, rene, account_id):
    values = dict.fromkeys(("email", "email_key"), "neuf@example.org")
    moments = dict.fromkeys(("created_at", "effective_at", "terms_at"), work.now)
    texts = dict.fromkeys(("password_hash", "terms_version", "terms_hash", "terms_origin"), "")
    own = {"id": "a", "account_id": account_id, "roll_id": rene, "state": "waiting"}
    work.db.execute(Leaving.__table__.insert().values(**own, **values, **moments, **texts))
    part(work, RENE)
    assert journalled(work, "leaving.stopped") == [{"by": "operator"}]
    assert effect.apply_due(work) == 0
    assert count(work, Account) == 1


def test_who_shares_no_space_is_not_parted_and_nothing_is_changed(work, rene):
    part(work, RENE)
    with_account(work, LUCE)
    work.settle()
    for letter in (RENE, ODILE, LUCE):
        with pytest.raises(Alone):
            parting.reached(work, letter.number)
        with pytest.raises(Alone):
            parting.part(work, letter.number)
        work.settle()
    with pytest.raises(NotOnTheRoll):
        parting.part(work, "0099999")
    assert in_waiting_is_done(work, ODILE)


def in_waiting_is_done(work, letter):
    with refused("registration_done"):
        in_waiting(work, letter)
    return True


def test_who_died_is_parted_too(work, account_id):
    becomes(work, DECEASED, RENE)
    part(work, RENE)
    assert members_of(work, account_id) == [ODILE.number]


@pytest.mark.parametrize("again", range(3))
def test_parted_while_another_closes_nobody_is_lost(work, account_id, luce, clock, again):
    """The three ways out of a space, at once."""
    work.db.execute(update(Account).values(closing_at=clock.now()))
    work.db.execute(
        update(JoinedMember).where(JoinedMember.roll_id == luce).values(closing_at=clock.now())
    )
    work.settle()

    def act(own, which):
        if which % 2:
            return erasure.erase_due(own)
        try:
            return parting.part(own, RENE.number)
        except Alone:
            own.undo()

    at_once(work, 6, act)
    household_is_sound(work)
    erasure.erase_due(work)
    work.settle()
    left = work.db.execute(select(Account.roll_id)).scalars().all()
    assert len(left) <= 1
    household_is_sound(work)


def test_each_parted_at_once_leaves_one(work, account_id, luce):
    letters = [ODILE, RENE, LUCE]

    def act(own, which):
        try:
            parting.part(own, letters[which].number)
        except Alone:
            own.undo()
            return False
        return True

    gone = at_once(work, 3, act)
    household_is_sound(work)
    assert sorted(gone) == [False, True, True]
    assert len(members_of(work, account_id)) == 1
