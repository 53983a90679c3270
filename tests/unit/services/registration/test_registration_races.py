"""One letter, many browsers at the very same moment: one account at most, and no accident."""

import pytest
from sqlalchemy import select

from player.members import ODILE, on_the_roll
from tests.journeys import at_rank, count, drafted, in_waiting, mailed_link
from tests.threads import at_once, refusals
from webapp.models import Account, TermsAcceptance
from webapp.rules.ranks import Rank
from webapp.services.registration import address, confirmation, pending


@pytest.fixture
def registered(work):
    on_the_roll(work)
    return in_waiting(work)


def test_confirming_while_the_letter_is_used_again_elsewhere(work, registered):
    link = mailed_link(work)
    drafts = [drafted(work, email=f"odile{each}@example.org") for each in range(4)]

    def act(own, which):
        if which % 2:
            return pending.accept_terms(own, drafts[which // 2].registration_id)
        return confirmation.by_link(own, link)

    answers = at_once(work, 8, act)
    assert set(refusals(answers)) <= {"registration_done", "registration_over"}
    assert count(work, Account) == count(work, TermsAcceptance) <= 1


def test_sending_again_while_the_letter_is_used_again_elsewhere(work, clock, registered):
    drafts = [drafted(work, email=f"odile{each}@example.org") for each in range(4)]
    clock.advance(minutes=1)

    def act(own, which):
        if which % 2:
            return pending.accept_terms(own, drafts[which // 2].registration_id)
        return pending.resend(own, registered)

    answers = at_once(work, 8, act)
    assert set(refusals(answers)) <= {"resend_soon", "registration_over"}


def test_confirming_while_the_address_is_changed(work, registered):
    link = mailed_link(work)
    session = at_rank(work, Rank.WAITING, registered)

    def act(own, which):
        if which % 2:
            return address.change(own, session, email=f"o{which}@example.org")
        return confirmation.by_link(own, link)

    answers = at_once(work, 8, act)
    assert set(refusals(answers)) <= {"registration_done", "registration_over"}
    assert count(work, Account) == count(work, TermsAcceptance) <= 1
    emails = work.db.execute(select(Account.email)).scalars().all()
    assert set(emails) <= {ODILE.email}, "a link proves the address that it was sent to"
