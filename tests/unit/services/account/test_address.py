"""Another address is asked for: its mails, their limits, and what is told to whom."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from player import mails
from player.members import ODILE, RENE, with_account
from tests.address_changes import NEW, THIRD, ask, code, last, link, present
from tests.journeys import (
    count,
    dump,
    found,
    journalled,
    refused,
    settled,
    signed_in,
)
from webapp.models import AddressChange, OutboxMail
from webapp.rules import credentials
from webapp.services.account import (
    address,
    address_confirmation,
)
from webapp.services.space import retention


@pytest.fixture
def session(work):
    with_account(work)
    return found(work, signed_in(work, remember=True).token)


def times(work, name):
    """When the mail of this name leaves, and after when it does not."""
    columns = (OutboxMail.not_before, OutboxMail.best_before)
    row = work.db.execute(select(*columns).where(OutboxMail.name == name)).first()
    work.settle()
    return tuple(row)


def test_nothing_changes_before_the_new_mailbox_says_so(work, session):
    ask(work, session)
    assert present(work) == (ODILE.email, ODILE.email)
    assert last(work, "address_change").to == NEW
    assert address.waiting(work, session).email == NEW


def test_the_wrong_password_asks_nothing(work, session):
    with refused("present_wrong"):
        ask(work, session, password="ce n’est pas lui")
    assert count(work, AddressChange) == 0


def test_the_present_address_is_no_change(work, session):
    with refused("present_email"):
        ask(work, session, ODILE.email.upper())


def test_an_address_with_an_account_is_told_to_its_owner_alone(work, session):
    with_account(work, RENE)
    assert ask(work, session, RENE.email).email == RENE.email
    assert last(work, "address_in_use").to == RENE.email
    assert not [each for each in mails.waiting(work) if each.name == "address_change"]
    assert journalled(work, "address.asked") == [{"address_taken": True}]


@pytest.mark.parametrize("email", [NEW, RENE.email])
def test_the_present_address_hears_of_it_at_once_in_the_same_words(work, session, email):
    """Whether the other one is taken: neither mailbox of the asker's tells."""
    with_account(work, RENE)
    ask(work, session, email)
    told = last(work, "address_asked")
    assert told.to == ODILE.email
    assert email not in told.text
    assert credentials.masked_email(email) in told.text
    assert "/espace/securite/mot-de-passe" in told.text
    assert times(work, "address_asked") == (work.now, work.now + timedelta(hours=24))


def test_asking_takes_no_place_of_the_mail_that_undoes(work, session):
    """Whoever asks again and again can't hold it back."""
    for each in range(3):
        ask(work, session, f"essai-{each}@example.org")
    settled(work, address_confirmation.by_code, session, code=code(work))
    assert times(work, "address_changed")[0] == work.now


def test_a_mail_sent_again_is_not_told_again(work, session, clock):
    ask(work, session)
    clock.advance(minutes=2)
    settled(work, address.resend, session)
    assert [each.name for each in mails.waiting(work)].count("address_asked") == 1


def test_a_newer_change_replaces_it(work, session):
    ask(work, session)
    token, typed = link(work), code(work)
    ask(work, session, THIRD)
    assert address_confirmation.link_state(work, token) == "over"
    with refused("address_code_wrong"):
        settled(work, address_confirmation.by_code, session, code=typed)
    assert count(work, AddressChange) == 1


def test_cancelling_kills_it_and_says_when_there_was_none(work, session):
    ask(work, session)
    assert settled(work, address.cancel, session)
    assert address_confirmation.link_state(work, link(work)) == "over"
    assert not settled(work, address.cancel, session)


def test_the_mail_again_once_a_minute_and_five_mails_an_hour(work, session, clock):
    ask(work, session)
    first = code(work)
    with refused("resend_soon") as refusal:
        settled(work, address.resend, session)
    assert refusal.value.wait.total_seconds() == 60
    for _ in range(4):
        clock.advance(minutes=1)
        settled(work, address.resend, session)
    clock.advance(minutes=1)
    with refused("resend_closed"):
        settled(work, address.resend, session)
    settled(work, address_confirmation.by_code, session, code=first)


def test_no_table_holds_code_or_token_in_clear(work, session):
    ask(work, session)
    held = dump(work)
    assert link(work) not in held and f"{code(work)}@" not in held


def test_a_change_is_erased_at_its_end(work, session, clock):
    ask(work, session)
    clock.advance(hours=23)
    retention.purge(work)
    assert count(work, AddressChange) == 1
    clock.advance(hours=1)
    retention.purge(work)
    assert count(work, AddressChange) == 0


def test_a_day_after_it_was_asked_for_a_change_is_mailed_no_more(work, session, clock):
    ask(work, session)
    clock.advance(hours=23)
    settled(work, address.resend, session)
    clock.advance(hours=2)
    with refused("address_old"):
        settled(work, address.resend, session)
