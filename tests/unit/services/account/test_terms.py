"""New terms: accepted once, each proof kept; and the proofs, to whom they belong."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from player.households import GERARD, joins
from player.members import RENE, with_account
from tests.journeys import count, found, journalled, refused, signed_in
from tests.threads import at_once, refusals
from webapp.models import Account, JoinedMember, JournalEntry, TermsAcceptance
from webapp.rules.ranks import Rank
from webapp.services.account import terms
from webapp.services.kernel import sessions
from webapp.services.kernel.work import Work
from webapp.services.kernel.world import Terms

NEW = Terms("2027-01", "b" * 64)


@pytest.fixture
def later(work, account_id):
    """The same portal once the terms changed."""
    own = Work(work.db.engine, replace(work.world, terms=NEW), work.origin)
    work.settle()
    yield own
    own.close(commit=False)


@pytest.fixture
def session(later):
    """Odile, both steps right."""
    return found(later, signed_in(later).token)


def test_both_steps_lead_to_the_new_terms_first(session):
    assert session.rank is Rank.TERMS


def test_accepting_opens_the_space_under_another_id(later, session):
    token, facts = terms.accept(later, session, version=NEW.version)
    later.settle()
    assert facts.rank is Rank.MEMBER
    now = found(later, token)
    assert (now.id, now.rank, now.terms_version) == (session.id, Rank.MEMBER, NEW.version)
    assert (now.ends_at, now.proved_at) == (session.ends_at, session.proved_at)
    assert found(later, signed_in(later, browser="another").token).rank is Rank.MEMBER


def test_the_former_cookie_opens_nothing(later):
    entered = signed_in(later)
    terms.accept(later, found(later, entered.token), version=NEW.version)
    later.settle()
    assert sessions.find(later, entered.token) is None


def test_both_proofs_are_kept(later, session):
    terms.accept(later, session, version=NEW.version)
    rows = later.db.execute(select(TermsAcceptance.__table__).order_by("id")).all()
    assert [each.version for each in rows] == ["2026-11", "2027-01"]
    assert rows[1].text_hash == NEW.text_hash
    assert rows[1].accepted_at == later.now and rows[1].origin == later.origin
    assert rows[0].roll_id == rows[1].roll_id
    assert journalled(later, "terms.accepted") == [{"terms": "2027-01"}]


def test_another_version_than_the_one_in_force_is_not_accepted(later, session):
    with refused("terms_newer"):
        terms.accept(later, session, version="2026-12")
    assert later.db.execute(select(Account.terms_version)).scalar_one() == "2026-11"


def test_of_eight_taps_one_comes_through(later, session):
    answers = at_once(later, 8, lambda own, _: terms.accept(own, session, version=NEW.version))
    assert refusals(answers) == ["terms_over"] * 7
    assert count(later, TermsAcceptance) == 2


def test_two_devices_of_one_member_leave_one_proof(later, session):
    other = found(later, signed_in(later, browser="another").token)
    terms.accept(later, session, version=NEW.version)
    _, facts = terms.accept(later, other, version=NEW.version)
    assert facts.rank is Rank.MEMBER
    assert count(later, TermsAcceptance) == 2


def test_a_session_that_ended_meanwhile_accepts_nothing(later, session):
    sessions.end(later, session)
    later.settle()
    with refused("terms_over"):
        terms.accept(later, session, version=NEW.version)
    later.settle()
    assert later.db.execute(select(Account.terms_version)).scalar_one() == "2026-11"
    assert count(later, TermsAcceptance) == 1


def test_declining_changes_nothing_and_accepting_stays_possible(later, session):
    terms.decline(later, session)
    assert journalled(later, "terms.declined") == [{"terms": "2027-01"}]
    assert found(later, signed_in(later, browser="another").token).rank is Rank.TERMS
    terms.accept(later, session, version=NEW.version)


def test_a_proof_is_shown_to_its_member_alone(work, account_id):
    session = found(work, signed_in(work).token)
    other = with_account(work, RENE)
    mine, theirs = (
        work.db.execute(
            select(TermsAcceptance.id).where(TermsAcceptance.account_id == each)
        ).scalar_one()
        for each in (account_id, other)
    )
    proof = terms.proof(work, session, mine)
    assert proof and proof.version == "2026-11" and proof.number
    assert terms.proof(work, session, theirs) is None
    assert terms.proof(work, session, 10**9) is None


@pytest.fixture
def both(work, later, account_id):
    """The session as a page of Odile finds it, and as one of Gérard, who joined her."""
    roll_id = joins(work, account_id, GERARD)
    work.settle()
    token = signed_in(later).token
    return sessions.find(later, token), sessions.find(later, token, roll_id)


def accepted(later):
    """Which terms Odile accepted last, and Gérard."""
    own = select(Account.terms_version, JoinedMember.terms_version)
    rows = later.db.execute(own.join(JoinedMember, JoinedMember.account_id == Account.id)).one()
    later.settle()
    return tuple(rows)


@pytest.mark.parametrize("at", [0, 1])
def test_each_member_of_a_space_of_several_accepts_their_own(later, both, at):
    token, facts = terms.accept(later, both[at], version=NEW.version)
    later.settle()
    assert (facts.rank, facts.roll_id) == (Rank.MEMBER, both[at].roll_id)
    assert accepted(later) == (("2027-01", "2026-11"), ("2026-11", "2027-01"))[at]
    again = [sessions.find(later, token, each.roll_id) for each in both]
    assert [each.rank is Rank.MEMBER for each in again] == [at == 0, at == 1]
    last = select(TermsAcceptance).order_by(TermsAcceptance.id.desc()).limit(1)
    proof = later.db.execute(last).one()
    assert (proof.roll_id, proof.version) == (both[at].roll_id, "2027-01")
    events = select(JournalEntry.roll_id).where(JournalEntry.event == "terms.accepted")
    assert later.db.execute(events).scalars().all() == [both[at].roll_id]


@pytest.mark.parametrize("at", [0, 1])
def test_of_eight_taps_of_one_of_several_one_comes_through(later, both, at):
    act = lambda own, _: terms.accept(own, both[at], version=NEW.version)  # noqa: E731
    assert refusals(at_once(later, 8, act)) == ["terms_over"] * 7
    assert count(later, TermsAcceptance) == 3


def test_two_of_several_who_accept_at_once_both_have(later, both):
    answers = at_once(
        later, 8, lambda own, which: terms.accept(own, both[which % 2], version=NEW.version)
    )
    assert refusals(answers) == ["terms_over"] * 6
    assert accepted(later) == ("2027-01", "2027-01")
    assert count(later, TermsAcceptance) == 4


def test_who_began_anew_meanwhile_accepts_nothing(later, both):
    stale = replace(both[1], epoch=7)
    with refused("terms_over"):
        terms.accept(later, stale, version=NEW.version)
    assert accepted(later) == ("2026-11", "2026-11")
