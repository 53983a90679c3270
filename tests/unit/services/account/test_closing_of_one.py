"""One of several asks to leave the space that they share, and does so seven days later."""

import pytest
from sqlalchemy import select, update

from player import mails
from player.members import LUCE, ODILE, RENE
from tests.closings import ask, closed, confirm, names, purge
from tests.journeys import (
    code_in_mail,
    count,
    in_waiting,
    journalled,
    refused,
    reissued,
    settled,
    signed_in,
)
from tests.shared_spaces import household_is_sound, joins, members_of
from tests.threads import at_once
from webapp.models import Account, JoinedMember, JournalEntry, TermsAcceptance
from webapp.rules import lifetimes
from webapp.services.account import closing, erasure
from webapp.services.kernel import sessions
from webapp.services.sign_in import devices


@pytest.fixture
def rene(work, account_id):
    return joins(work, account_id, RENE)


@pytest.fixture
def luce(work, account_id, rene):
    return joins(work, account_id, LUCE, minutes=5)


@pytest.fixture
def entered(work, rene):
    return signed_in(work, remember=True)


@pytest.fixture
def of(work, entered):
    """The session, of this person."""

    def shown(roll_id=None):
        return sessions.find(work, entered.token, roll_id)

    return shown


@pytest.fixture(autouse=True)
def sound(work):
    yield
    household_is_sound(work)


def shown(work, entered, roll_id=None):
    return sessions.find(work, entered.token, roll_id)


def test_it_is_of_the_person_shown_and_the_mails_say_whose(work, of, rene, clock):
    closed(work, of(rene))
    due = clock.now() + lifetimes.CLOSING
    assert closing.due_at(work, of(rene)) == due
    assert closing.due_at(work, of()) is None
    for mail in mails.waiting(work)[-2:]:
        assert mail.to == ODILE.email
        assert "M.\u00a0Rene Exemple" in mail.text and "M.\u00a0Rene Exemple" in mail.html
    assert names(work)[-2:] == ["closing_code", "closing"]


def test_nothing_of_the_others_ends(work, entered, of, rene):
    other = signed_in(work, browser="another")
    closed(work, of(rene))
    assert sessions.find(work, other.token) and sessions.find(work, entered.token)
    assert devices.remembered_email(work, entered.device_secret) == ODILE.email


def test_after_seven_days_they_are_out_and_the_space_goes_on(work, of, rene, account_id, clock):
    closed(work, of(rene))
    clock.advance(days=6, hours=23, minutes=59)
    purge(work)
    assert members_of(work, account_id) == [ODILE.number, RENE.number]
    clock.advance(minutes=1)
    purge(work)
    assert members_of(work, account_id) == [ODILE.number]
    last = mails.waiting(work)[-1]
    assert (last.name, last.to) == ("closed", ODILE.email)
    assert "M.\u00a0Rene Exemple" in last.text and "dernier message" not in last.text
    assert journalled(work, "person.closed") == journalled(work, "account.closed") == [{}]


def test_their_proofs_are_kept_and_their_journal_is_without_the_account(work, of, rene, clock):
    closed(work, of(rene))
    clock.advance(days=7)
    purge(work)
    proof = work.db.execute(
        select(TermsAcceptance.__table__).where(TermsAcceptance.roll_id == rene)
    ).one()
    assert (proof.account_id, proof.kept_until) == (None, clock.now() + lifetimes.TERMS_PROOF)
    theirs = select(JournalEntry.account_id).where(JournalEntry.roll_id == rene)
    entries = work.db.execute(theirs).scalars().all()
    assert len(entries) > 2 and set(entries) == {None}
    work.settle()


def test_the_old_paper_opens_nothing_any_more_and_a_newer_one_does(work, of, rene, clock):
    closed(work, of(rene))
    clock.advance(days=7)
    purge(work)
    with refused("letter_spent"):
        in_waiting(work, RENE)
    assert in_waiting(work, reissued(work, RENE))


def test_of_the_first_member_the_next_one_becomes_the_first(work, of, luce, account_id, clock):
    closed(work, of())
    clock.advance(days=7)
    purge(work)
    assert members_of(work, account_id) == [RENE.number, LUCE.number]
    assert work.db.execute(select(Account.closing_at)).scalar_one() is None
    work.settle()


def test_the_last_one_s_closing_erases_the_space(work, of, rene, account_id, clock):
    closed(work, of())
    clock.advance(minutes=2)
    closed(work, of(rene))
    clock.advance(days=7)
    purge(work)
    assert count(work, Account) == count(work, JoinedMember) == 0
    assert {each.kept_until for each in work.db.execute(select(TermsAcceptance.kept_until))} == {
        clock.now() + lifetimes.TERMS_PROOF
    }
    work.settle()


def test_who_is_left_alone_closes_the_whole_space(work, entered, of, rene, account_id, clock):
    closed(work, of())
    clock.advance(days=7)
    purge(work)
    again = signed_in(work, browser="again")
    closed(work, sessions.find(work, again.token))
    assert devices.remembered_email(work, entered.device_secret) is None
    clock.advance(days=7)
    purge(work)
    assert count(work, Account) == 0


@pytest.mark.parametrize("first", [True, False])
def test_one_changes_one_s_mind(work, of, rene, account_id, clock, first):
    who = None if first else rene
    closed(work, of(who))
    assert not settled(work, closing.cancel, of(rene if first else None)), "it is another's"
    assert settled(work, closing.cancel, of(who))
    assert not settled(work, closing.cancel, of(who))
    assert names(work)[-1] == "closing_kept"
    clock.advance(days=8)
    purge(work)
    assert len(members_of(work, account_id)) == 2


def test_a_code_for_one_person_closes_nothing_of_another(work, of, rene):
    ask(work, of(rene))
    code = code_in_mail(work)
    with refused("code_wrong"):
        confirm(work, of(), code)
    confirm(work, of(rene), code)
    assert closing.due_at(work, of()) is None


def test_within_a_minute_another_person_gets_a_code_of_their_own(work, of, rene, clock):
    ask(work, of(rene))
    clock.advance(seconds=10)
    asked = ask(work, of())
    assert names(work).count("closing_code") == 2
    confirm(work, asked, code_in_mail(work))
    assert closing.due_at(work, of(rene)) is None
    ask(work, of(rene))
    assert names(work).count("closing_code") == 2, "not a third within the minute"


def test_asked_twice_it_is_said(work, of, rene, clock):
    closed(work, of(rene))
    clock.advance(minutes=2)
    with refused("closing_already"):
        ask(work, of(rene))
    assert ask(work, of())


def test_a_closing_follows_who_becomes_the_first_member(work, of, luce, rene, account_id, clock):
    closed(work, of(rene))
    due = closing.due_at(work, of(rene))
    clock.advance(minutes=10)
    closed(work, of())
    work.db.execute(update(Account).values(closing_at=clock.now()))
    purge(work)
    assert members_of(work, account_id) == [RENE.number, LUCE.number]
    assert closing.due_at(work, of(rene)) == due
    assert settled(work, closing.cancel, of(rene))


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("again", range(2))
def test_erasing_and_keeping_at_once_end_one_way(
    work, of, luce, rene, account_id, clock, first, again
):
    who = of(None if first else rene)
    asked = closed(work, who)
    clock.advance(days=7)

    def act(own, which):
        return closing.cancel(own, asked) if which else bool(erasure.erase_due(own))

    erased, kept = at_once(work, 2, act)
    assert erased != kept
    assert len(members_of(work, account_id)) == (3 if kept else 2)


@pytest.mark.parametrize("again", range(2))
def test_the_first_goes_while_the_next_keeps_their_place(
    work, of, luce, rene, account_id, clock, again
):
    """Who becomes the first member at that very moment has not lost what they just decided."""
    asked = closed(work, of(rene))
    clock.advance(minutes=2)
    closed(work, of())
    clock.advance(days=6, hours=23)
    work.db.execute(update(Account).values(closing_at=clock.now()))
    work.settle()

    def act(own, which):
        return closing.cancel(own, asked) if which else bool(erasure.erase_due(own))

    assert at_once(work, 2, act) == [True, True]
    clock.advance(days=2)
    purge(work)
    assert members_of(work, account_id) == [RENE.number, LUCE.number]


def test_two_purges_at_once_let_go_once(work, of, luce, rene, account_id, clock):
    closed(work, of(rene))
    clock.advance(minutes=2)
    closed(work, of())
    clock.advance(days=7)
    at_once(work, 4, lambda own, _: erasure.erase_due(own))
    assert members_of(work, account_id) == [LUCE.number]
    assert names(work).count("closed") == 2
