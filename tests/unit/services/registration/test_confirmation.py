"""Confirming: by link or by code, on any device, once."""

import pytest
from sqlalchemy import select

from player import mails
from player.members import ODILE, RENE, on_the_roll, with_account
from tests.journeys import (
    code_in_mail,
    count,
    drafted,
    found,
    give_password,
    in_waiting,
    journalled,
    mailed_link,
    refused,
    settled,
    taking_over,
    wrong,
)
from tests.threads import at_once, refusals
from webapp.models import Account, Registration, StoredSession, TermsAcceptance
from webapp.rules.ranks import Rank
from webapp.services.kernel.work import Work
from webapp.services.registration import confirmation, pending


@pytest.fixture
def registered(work):
    on_the_roll(work)
    return in_waiting(work)


def by_code(work, registration_id, code):
    settled(work, confirmation.by_code, registration_id, code=code)


def one_account_with_its_proof(work):
    account = work.db.execute(select(Account.__table__)).one()
    proof = work.db.execute(select(TermsAcceptance.__table__)).one()
    work.settle()
    return account.id == proof.account_id


def test_the_link_makes_the_account_and_its_proof_of_terms(work, registered):
    accepted_at = work.now
    assert confirmation.by_link(work, mailed_link(work)) == "confirmed"
    account = work.db.execute(select(Account.__table__)).one()
    proof = work.db.execute(select(TermsAcceptance.__table__)).one()
    assert (account.email, account.email_key) == (ODILE.email, ODILE.email)
    terms = work.world.terms
    assert (proof.version, proof.text_hash) == (terms.version, terms.text_hash)
    assert (proof.accepted_at, proof.origin) == (accepted_at, work.origin)
    assert journalled(work, "registration.confirmed") == [{"by": "link", "terms": terms.version}]


def opened(work):
    """To whom « Votre espace est ouvert » was written."""
    told = [each.to for each in mails.waiting(work) if each.name == "space_opened"]
    work.settle()
    return told


def test_a_new_space_is_told_to_its_owner_once(work, registered):
    assert opened(work) == []
    token = mailed_link(work)
    for _ in range(2):
        confirmation.by_link(work, token)
        work.settle()
    assert opened(work) == [ODILE.email]


def test_by_the_code_too(work, registered):
    by_code(work, registered, code_in_mail(work))
    assert opened(work) == [ODILE.email]


def test_a_newer_letter_opens_nothing_yet(work):
    with_account(work)
    taking_over(work, email="neuf@example.org")
    assert opened(work) == []


def test_confirming_opens_no_session(work, registered):
    before = work.db.execute(select(StoredSession.rank, StoredSession.id_hash)).all()
    confirmation.by_link(work, mailed_link(work))
    assert work.db.execute(select(StoredSession.rank, StoredSession.id_hash)).all() == before


def test_looking_at_a_link_changes_nothing(work, registered):
    link = mailed_link(work)
    for _ in range(3):
        assert confirmation.link_state(work, link) == "ready"
    assert count(work, Account) == 0


def test_confirming_twice_is_no_error_and_makes_one_account(work, registered):
    link = mailed_link(work)
    assert confirmation.by_link(work, link) == confirmation.by_link(work, link) == "confirmed"
    assert confirmation.link_state(work, link) == "confirmed"
    assert one_account_with_its_proof(work)


def test_confirming_in_eight_threads_makes_one_account_and_one_proof(work, registered):
    link, code = mailed_link(work), code_in_mail(work)

    def act(own: Work, which: int) -> str:
        if which % 2:
            confirmation.by_code(own, registered, code=code)
            return "confirmed"
        return confirmation.by_link(own, link)

    assert at_once(work, 8, act) == ["confirmed"] * 8
    assert one_account_with_its_proof(work)
    assert len(journalled(work, "registration.confirmed")) == 1


def test_the_link_is_good_for_twenty_four_hours_and_dead_after(work, clock, registered):
    link = mailed_link(work)
    clock.advance(hours=23, minutes=59, seconds=59)
    assert confirmation.link_state(work, link) == "ready"
    clock.advance(seconds=1)
    assert confirmation.link_state(work, link) == "over"
    assert confirmation.by_link(work, link) == "over"
    assert count(work, Account) == 0


def test_the_code_dies_with_the_registration(work, clock, registered):
    code = code_in_mail(work)
    clock.advance(hours=24)
    with refused("registration_over"):
        by_code(work, registered, code)


@pytest.mark.parametrize("token", ["", "x", "é", "\ud800", "a.b.c", "." * 3, "0" * 100_000])
def test_a_link_that_is_not_ours_is_unknown(work, token):
    assert confirmation.link_state(work, token) == confirmation.by_link(work, token) == "unknown"


def test_a_link_changed_anywhere_is_unknown(work, registered):
    link = mailed_link(work)
    for at in range(len(link) - 1):  # the last sign of base64 carries bits that nobody reads
        other = "A" if link[at] != "A" else "B"
        assert confirmation.link_state(work, link[:at] + other + link[at + 1 :]) == "unknown"


def test_a_link_sealed_for_another_purpose_is_unknown(work, registered):
    token = work.world.seals.seal_link("recovery", "0" * 32)
    assert confirmation.link_state(work, token) == "unknown"


def test_the_right_code_makes_the_account(work, registered):
    by_code(work, registered, code_in_mail(work))
    assert one_account_with_its_proof(work)
    facts = journalled(work, "registration.confirmed")
    assert [each["by"] for each in facts] == ["code"]


def test_five_wrong_activation_codes_an_hour_close_even_the_right_one(work, clock, registered):
    code = code_in_mail(work)
    for each in range(5):
        with refused("activation_wrong") as refusal:
            by_code(work, registered, wrong(code, each))
        assert refusal.value.field == "activation_code"
    with refused("activation_closed"):
        by_code(work, registered, code)
    clock.advance(hours=1)
    by_code(work, registered, code)
    assert count(work, Account) == 1


def test_twenty_wrong_activation_codes_at_once_are_compared_five_times(work, registered):
    code = code_in_mail(work)
    answers = at_once(
        work,
        20,
        lambda own, each: confirmation.by_code(own, registered, code=wrong(code, each)),
    )
    assert refusals(answers) == ["activation_closed"] * 15 + ["activation_wrong"] * 5


def test_the_link_still_works_when_the_codes_are_closed(work, registered):
    code, link = code_in_mail(work), mailed_link(work)
    for each in range(5):
        with refused("activation_wrong"):
            by_code(work, registered, wrong(code, each))
    assert confirmation.by_link(work, link) == "confirmed"


def test_a_code_opens_its_own_registration_alone(work, registered):
    code = code_in_mail(work)
    on_the_roll(work, RENE)
    theirs = in_waiting(work, RENE)
    with refused("activation_wrong"):
        by_code(work, theirs, code)


def test_nobody_confirms_nothing(work):
    for registration_id in (None, "", "0" * 32):
        with refused("registration_over"):
            by_code(work, registration_id, "1234567890123")


@pytest.mark.usefixtures("apart")
@pytest.mark.parametrize("way", ["link", "code"])
def test_an_address_that_got_an_account_meanwhile_is_told_to_who_proves_it(work, registered, way):
    link, code = mailed_link(work), code_in_mail(work)
    on_the_roll(work, RENE)
    in_waiting(work, RENE, email=ODILE.email)
    confirmation.by_link(work, mailed_link(work))
    work.settle()
    with refused("email_taken"):
        confirmation.by_link(work, link) if way == "link" else by_code(work, registered, code)
    work.settle()
    assert one_account_with_its_proof(work)
    assert journalled(work, "registration.address_conflict") == [{}]


@pytest.mark.usefixtures("apart")
def test_two_letters_with_one_address_at_once_make_one_account(work, registered):
    links = [mailed_link(work)]
    on_the_roll(work, RENE)
    in_waiting(work, RENE, email=ODILE.email)
    links.append(mailed_link(work))
    answers = at_once(work, 2, lambda own, which: confirmation.by_link(own, links[which]))
    assert refusals(answers) == ["email_taken"] and "confirmed" in answers
    assert one_account_with_its_proof(work)


def test_once_confirmed_the_registration_holds_no_personal_data(work, registered):
    session = drafted(work, email="odile.b@example.org")
    confirmation.by_link(work, mailed_link(work))
    rows = repr(work.db.execute(select(Registration.__table__)).all())
    assert "example.org" not in rows and "argon2" not in rows and work.origin not in rows
    left = pending.find(work, session.registration_id)
    assert left is None or left.state == "over"


def test_the_link_says_done_for_a_week_after(work, clock, registered):
    link = mailed_link(work)
    confirmation.by_link(work, link)
    clock.advance(days=6, hours=23)
    assert confirmation.link_state(work, link) == "confirmed"


def test_the_browser_that_registered_is_recognised_and_no_other(work, registered):
    link = mailed_link(work)
    waiting = found(work, give_password(work).token)
    assert waiting.rank is Rank.WAITING
    facts = confirmation.look(work, link)
    assert facts.is_of(waiting) and not facts.is_of(None)
    with_account(work, RENE)
    theirs = found(work, give_password(work, RENE.email).token)
    unknown = confirmation.look(work, "not ours")
    assert not facts.is_of(theirs) and not unknown.is_of(waiting) and not unknown.is_of(theirs)
