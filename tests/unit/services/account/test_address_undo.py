"""The former mailbox takes its address back, and the account with it."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, insert, select, update

from player.members import ODILE, RENE, on_the_roll, with_account
from player.world import NEW_PASSWORD
from tests.address_changes import NEW, THIRD, confirmed, last, link, present, undo_link
from tests.journeys import (
    again,
    at_code,
    count,
    found,
    give_password,
    journalled,
    refused,
    settled,
    signed_in,
)
from webapp.models import Account, Device, RecoveryCode, RollEntry, StoredSession
from webapp.rules import credentials
from webapp.services.account import (
    address_confirmation,
    address_undo,
    erasure,
    recovery,
    recovery_link,
)


@pytest.fixture
def session(work):
    with_account(work)
    return found(work, signed_in(work, remember=True).token)


def test_the_former_mailbox_takes_it_back(work, session):
    confirmed(work, session)
    token = undo_link(work)
    assert address_undo.link_state(work, token) == "ready"
    assert settled(work, address_undo.undo, token) == "done"
    assert present(work) == (ODILE.email, ODILE.email)
    assert count(work, StoredSession) == count(work, Device) == 0
    with refused("sign_in_wrong"):
        give_password(work)
    assert settled(work, address_undo.undo, token) == "done"
    assert journalled(work, "address.undone") == [{}]


def forced_link(work):
    mail = last(work, "password_forced")
    assert mail.to == ODILE.email
    return re.search(r"nouveau/(\S+)", mail.text)[1]


def test_then_a_link_to_a_new_password_is_in_that_mailbox(work, session):
    confirmed(work, session)
    settled(work, address_undo.undo, undo_link(work))
    number = credentials.member_number(ODILE.number)
    settled(work, recovery_link.choose, forced_link(work), password=NEW_PASSWORD, number=number)
    assert at_code(work, password=NEW_PASSWORD)


def test_the_mailbox_alone_chooses_none(work, session):
    """Who only reads it does not know the member number, and gets five guesses an hour; a password
    that contains it tells nothing."""
    confirmed(work, session)
    settled(work, address_undo.undo, undo_link(work))
    token, number = forced_link(work), credentials.member_number(ODILE.number)
    assert recovery_link.look(work, token).asks_number
    with refused("missing_number"):
        settled(work, recovery_link.choose, token, password=NEW_PASSWORD)
    for guess in range(5):
        with refused("recovery_number_wrong"):
            password = f"{ODILE.number} en toutes lettres"
            settled(work, recovery_link.choose, token, password=password, number=f"{guess}")
    with refused("recovery_number_closed"):
        settled(work, recovery_link.choose, token, password=NEW_PASSWORD, number=number)
    assert journalled(work, "recovery.number_refused") == [{}] * 5


def test_the_number_asked_for_may_be_typed_without_its_zeros_unless_another_has_that_one(
    work, session
):
    confirmed(work, session)
    settled(work, address_undo.undo, undo_link(work))
    token = forced_link(work)
    other = on_the_roll(work, replace(RENE, number="12345"))
    with refused("recovery_number_wrong"):
        settled(work, recovery_link.choose, token, password=NEW_PASSWORD, number="12345")
    work.db.execute(delete(RollEntry).where(RollEntry.id == other))
    settled(work, recovery_link.choose, token, password=NEW_PASSWORD, number="12345")


def test_whose_password_was_taken_away_may_still_ask_for_a_link(work, session):
    confirmed(work, session)
    settled(work, address_undo.undo, undo_link(work))
    recovery.ask(work, email=ODILE.email, number=ODILE.number)
    token = re.search(r"nouveau/(\S+)", last(work, "recovery").text)[1]
    number = credentials.member_number(ODILE.number)
    settled(work, recovery_link.choose, token, password=NEW_PASSWORD, number=number)
    assert at_code(work, password=NEW_PASSWORD)


def test_a_stranger_who_moved_it_twice_restores_nothing(work, session, clock):
    confirmed(work, session)
    first = undo_link(work)
    clock.advance(minutes=1)
    confirmed(work, again(work, session), THIRD)
    second = undo_link(work)
    settled(work, address_undo.undo, first)
    assert present(work).email == ODILE.email
    assert settled(work, address_undo.undo, second) == "done"
    assert present(work).email == ODILE.email
    assert len(journalled(work, "address.undone")) == 1


def test_second_steps_added_since_are_removed_and_older_ones_stay(work, session, clock):
    def add_code(mac):
        values = {"account_id": session.account_id, "mac": mac, "created_at": work.now}
        work.db.execute(insert(RecoveryCode).values(values))
        work.settle()

    add_code(b"older")
    clock.advance(minutes=1)
    confirmed(work, session)
    clock.advance(minutes=1)
    add_code(b"younger")
    work.db.execute(update(Account).values(mailed_code_off=True))
    settled(work, address_undo.undo, undo_link(work))
    assert work.db.execute(select(RecoveryCode.mac)).scalars().all() == [b"older"]
    assert work.db.execute(select(Account.mailed_code_off)).scalar_one() is False


def test_a_closing_that_the_stranger_asked_for_is_forgotten(work, session, clock):
    """Its code went to the stranger's mailbox; the owner would lose the space seven days later."""
    confirmed(work, session)
    work.db.execute(update(Account).values(closing_at=work.now + timedelta(days=7)))
    settled(work, address_undo.undo, undo_link(work))
    clock.advance(days=8)
    assert erasure.erase_due(work) == 0
    assert count(work, Account) == 1


def test_it_can_be_taken_back_for_seven_days(work, session, clock):
    confirmed(work, session)
    token = undo_link(work)
    clock.advance(days=6, hours=23)
    assert address_undo.link_state(work, token) == "ready"
    clock.advance(hours=1)
    assert address_undo.link_state(work, token) == "late"
    assert settled(work, address_undo.undo, token) == "late"
    assert present(work).email == NEW


def test_a_former_address_that_has_another_account_is_a_clear_refusal(work, session):
    confirmed(work, session)
    token = undo_link(work)
    with_account(work, RENE)
    work.db.execute(
        update(Account)
        .where(Account.email == RENE.email)
        .values(email=ODILE.email, email_key=ODILE.email)
    )
    work.settle()
    with refused("former_taken"):
        settled(work, address_undo.undo, token)
    assert address_undo.link_state(work, token) == "ready"


def test_one_link_is_not_the_other(work, session):
    confirmed(work, session)
    assert address_confirmation.link_state(work, undo_link(work)) == "unknown"
    assert address_undo.link_state(work, link(work)) == "unknown"
