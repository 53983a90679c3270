"""The owner of a space agrees that somebody joins it, or refuses."""

import pytest
from sqlalchemy import select, update

from player import mails
from player.members import LUCE, ODILE, RENE, becomes, with_account
from player.world import NEW_PASSWORD
from tests import households
from tests.households import NAME, asking
from tests.journeys import (
    count,
    found,
    in_waiting,
    journalled,
    mailed_link,
    refused,
    reissued,
    settled,
    signed_in,
)
from webapp.models import Account, RollEntry, TermsAcceptance
from webapp.services.household import answers
from webapp.services.kernel import household, new_beginning
from webapp.services.registration import confirmation, pending
from webapp.services.space import home

pytestmark = pytest.mark.usefixtures("account_id")


@pytest.fixture
def rene(work):
    return households.rene_on_the_roll(work)


@pytest.fixture
def request_id(work, rene):
    return asking(work)


@pytest.fixture
def session(work, request_id):
    return households.owner(work)


def told(work):
    names = [(each.name, each.to) for each in mails.waiting(work)]
    work.settle()
    return names


def test_the_owner_sees_who_asks_and_until_when(work, session, request_id):
    [request] = answers.waiting(work, session)
    assert (request.id, request.name, request.number) == (request_id, NAME, RENE.number)
    assert home.asking(work, session, home.home(work, session)) == NAME


def test_nobody_else_sees_or_answers_it(work, request_id, rene):
    with_account(work, LUCE)
    theirs = found(work, signed_in(work, email=LUCE.email).token)
    assert answers.waiting(work, theirs) == []
    for act in (answers.agree, answers.refuse):
        with refused("join_over"):
            settled(work, act, theirs, rene)
    assert len(households.requests(work)) == 1 and households.joined(work) == []


def test_agreed_it_makes_a_member_of_the_space(work, account_id, session, rene):
    [request] = households.requests(work)
    settled(work, answers.agree, session, rene)
    [member] = households.joined(work)
    assert (member.account_id, member.roll_id, member.code_mac) == (
        account_id,
        rene,
        request.code_mac,
    )
    account = work.db.execute(select(Account.joined, Account.id)).one()
    assert tuple(account) == (1, account_id)
    assert households.requests(work) == []
    assert [each.name for each in household.persons(work, account_id)] == [
        "Mme\u00a0Odile Exemple",
        NAME,
    ]
    proofs = select(TermsAcceptance.roll_id, TermsAcceptance.accepted_at, TermsAcceptance.origin)
    assert (rene, request.terms_at, request.terms_origin) in [
        tuple(each) for each in work.db.execute(proofs)
    ]
    assert told(work)[-1] == ("join_agreed", ODILE.email)
    assert NAME in mails.waiting(work)[-1].text
    assert journalled(work, "household.agreed") == journalled(work, "household.joined") == [{}]


def test_the_letter_is_used_up_by_it(work, session, rene):
    settled(work, answers.agree, session, rene)
    used = select(household.mac_used_by(RollEntry.id) == RollEntry.code_mac)
    assert work.db.execute(used.where(RollEntry.id == rene)).scalar()


def test_once_agreed_the_link_says_how_to_sign_in(work, session, request_id, rene):
    settled(work, answers.agree, session, rene)
    assert pending.find(work, request_id).join == "joined"


def test_refused_nothing_changes_and_the_letter_stays_good(work, session, request_id, rene):
    settled(work, answers.refuse, session, rene)
    assert households.requests(work) == households.joined(work) == []
    assert told(work)[-1] == ("join_refused", ODILE.email)
    assert "reste bon" in mails.waiting(work)[-1].text
    assert journalled(work, "household.refused") == [{}]
    assert journalled(work, "registration.join_refused") == [{}]
    assert pending.find(work, request_id).join == "over"
    in_waiting(work, RENE, email="neuf@example.org")
    assert confirmation.by_link(work, mailed_link(work)) == "confirmed"


@pytest.mark.parametrize("first", [answers.agree, answers.refuse])
@pytest.mark.parametrize("then", [answers.agree, answers.refuse])
def test_one_answer_counts(work, session, first, then, rene):
    settled(work, first, session, rene)
    with refused("join_over"):
        settled(work, then, session, rene)
    assert len(households.joined(work)) == (first is answers.agree)
    account = work.db.execute(select(Account.joined)).scalar_one()
    assert account == (first is answers.agree)


def test_silence_for_seven_days_is_no_agreement(work, clock, request_id, rene):
    clock.advance(days=7)
    session = households.owner(work)
    assert answers.waiting(work, session) == []
    for act in (answers.agree, answers.refuse):
        with refused("join_over"):
            settled(work, act, session, rene)


def test_a_letter_that_was_replaced_opens_nothing_by_the_request_of_before(work, session, rene):
    reissued(work, RENE)
    assert answers.waiting(work, session) == []
    with refused("join_over"):
        settled(work, answers.agree, session, rene)
    assert households.joined(work) == []


def test_who_left_or_died_joins_nothing(work, session, rene):
    becomes(work, "deceased", RENE)
    assert answers.waiting(work, session) == []
    with refused("join_over"):
        settled(work, answers.agree, session, rene)


def test_a_space_that_closes_takes_nobody_in(work, session, rene):
    work.db.execute(update(Account).values(closing_at=work.now))
    with refused("join_closing"):
        settled(work, answers.agree, session, rene)
    assert households.joined(work) == [] and len(households.requests(work)) == 1
    assert work.db.execute(select(Account.joined)).scalar_one() == 0


def test_a_session_of_before_a_new_beginning_answers_nothing(work, session, rene):
    work.db.execute(update(Account).values(**new_beginning.counted()))
    work.settle()
    with refused("session_over"):
        settled(work, answers.agree, session, rene)
    with refused("join_over"):
        settled(work, answers.refuse, session, rene)
    assert len(households.requests(work)) == 1


def test_a_password_of_the_request_opens_nothing_once_agreed(work, session, rene):
    settled(work, answers.agree, session, rene)
    with refused("sign_in_wrong"):
        signed_in(work, password=NEW_PASSWORD)
    assert count(work, Account) == 1
