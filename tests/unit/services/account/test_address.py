"""Another address: proved by its mailbox, told to the former one, and taken back from there."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from player import mails
from player.members import ODILE, RENE, with_account
from player.world import NEW_PASSWORD, PASSWORD
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
    wrong,
)
from tests.threads import at_once
from tests.unit.services.registration.test_secrets import dump
from webapp.models import Account, AddressChange, Device, OutboxMail, RecoveryCode, StoredSession
from webapp.rules import credentials
from webapp.services.account import (
    address,
    address_confirmation,
    address_undo,
    erasure,
    recovery,
    recovery_link,
)
from webapp.services.kernel import sessions
from webapp.services.space import retention

NEW, THIRD = "neuf@example.org", "trois@example.org"


@pytest.fixture
def session(work):
    with_account(work)
    return found(work, signed_in(work, remember=True).token)


def ask(work, session, email=NEW, password=PASSWORD):
    return settled(work, address.ask, session, email=email, password=password)


def last(work, name):
    """The mail of this name written last."""
    found = [each for each in mails.waiting(work) if each.name == name]
    work.settle()
    return found[-1]


def times(work, name):
    """When the mail of this name leaves, and after when it does not."""
    columns = (OutboxMail.not_before, OutboxMail.best_before)
    row = work.db.execute(select(*columns).where(OutboxMail.name == name)).first()
    work.settle()
    return tuple(row)


def code(work):
    return re.search(r"^\d{6}$", last(work, "address_change").text, re.MULTILINE)[0]


def link(work, name="address_change", shape=r"/adresse/(\S+)"):
    return re.search(shape, last(work, name).text)[1]


def undo_link(work):
    return link(work, "address_changed", r"/adresse/retablir/(\S+)")


def present(work):
    row = work.db.execute(select(Account.email, Account.email_key)).first()
    work.settle()
    return row


def confirmed(work, session, email=NEW):
    ask(work, session, email)
    settled(work, address_confirmation.by_code, session, code=code(work))


def test_nothing_changes_before_the_new_mailbox_says_so(work, session):
    ask(work, session)
    assert present(work) == (ODILE.email, ODILE.email)
    assert last(work, "address_change").to == NEW
    assert address.waiting(work, session).email == NEW


def test_the_code_puts_it_in_force_and_tells_both_mailboxes(work, session):
    confirmed(work, session, "Neuf@example.org")
    assert present(work) == ("Neuf@example.org", NEW)
    assert last(work, "address_changed").to == ODILE.email
    assert last(work, "address_confirmed").to == "Neuf@example.org"
    assert NEW not in last(work, "address_changed").text
    assert journalled(work, "address.changed") == [{"by": "code"}]


def test_this_session_stays_and_all_else_ends(work, session):
    other = signed_in(work)
    under_way = give_password(work, browser="another browser")
    confirmed(work, session)
    assert [sessions.find(work, each.token) for each in (other, under_way)] == [None, None]
    live = select(StoredSession.id).where(StoredSession.idle_until > work.now)
    assert work.db.execute(live).scalars().all() == [session.id]
    assert count(work, Device) == 0


def test_the_link_confirms_in_any_browser_and_again_is_no_error(work, session):
    ask(work, session)
    token = link(work)
    assert address_confirmation.link_state(work, token) == "ready"
    assert settled(work, address_confirmation.by_link, token, None) == "done"
    assert settled(work, address_confirmation.by_link, token, None) == "done"
    assert present(work).email == NEW
    assert count(work, StoredSession) == 0
    assert journalled(work, "address.changed") == [{"by": "link"}]


def test_a_recovery_link_of_before_is_dead(work, session):
    recovery.ask(work, email=ODILE.email, number=ODILE.number)
    token = re.search(r"nouveau/(\S+)", last(work, "recovery").text)[1]
    confirmed(work, session)
    assert recovery_link.link_state(work, token) == "over"


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


def test_an_address_taken_meanwhile_is_a_clear_refusal(work, session):
    ask(work, session, RENE.email)
    typed, token = code(work), link(work)
    with_account(work, RENE)
    work.settle()
    with refused("email_taken"):
        settled(work, address_confirmation.by_code, session, code=typed)
    with refused("email_taken"):
        settled(work, address_confirmation.by_link, token, session)
    assert len(journalled(work, "address.conflict")) == 2
    assert sessions.find(work, signed_in(work).token)


def test_five_wrong_codes_an_hour(work, session, clock):
    ask(work, session)
    typed = code(work)
    for each in range(5):
        with refused("address_code_wrong"):
            settled(work, address_confirmation.by_code, session, code=wrong(typed, each))
    with refused("address_code_closed"):
        settled(work, address_confirmation.by_code, session, code=typed)
    clock.advance(hours=1)
    settled(work, address_confirmation.by_code, session, code=typed)


def test_the_code_and_the_link_at_once_make_one_change(work, session):
    ask(work, session)
    typed, token = code(work), link(work)

    def either(own, which):
        if which % 2:
            return address_confirmation.by_link(own, token, None)
        return address_confirmation.by_code(own, session, code=typed)

    at_once(work, 4, either)
    assert len(journalled(work, "address.changed")) == 1
    assert present(work).email == NEW


def test_it_waits_for_24_hours(work, session, clock):
    ask(work, session)
    token, typed = link(work), code(work)
    clock.advance(hours=23, minutes=59)
    assert address_confirmation.link_state(work, token) == "ready"
    clock.advance(minutes=1)
    assert address_confirmation.link_state(work, token) == "over"
    with refused("address_over"):
        settled(work, address_confirmation.by_code, session, code=typed)
    assert settled(work, address_confirmation.by_link, token, None) == "over"


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


@pytest.mark.parametrize("token", ["", "x", "é", "\ud800", "a.b.c", "0" * 10_000])
def test_a_link_that_is_not_ours_is_unknown(work, session, token):
    assert (
        address_confirmation.link_state(work, token)
        == address_undo.link_state(work, token)
        == "unknown"
    )
    assert settled(work, address_confirmation.by_link, token, session) == "unknown"
    assert settled(work, address_undo.undo, token) == "unknown"


def test_one_link_is_not_the_other(work, session):
    confirmed(work, session)
    assert address_confirmation.link_state(work, undo_link(work)) == "unknown"
    assert address_undo.link_state(work, link(work)) == "unknown"


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


def test_asking_again_never_gives_an_older_link_or_code_more_than_its_day(work, session, clock):
    ask(work, session)
    old_link, old_code = link(work), code(work)
    clock.advance(hours=23)
    settled(work, address.resend, session)
    young_code = code(work)
    clock.advance(hours=2)
    assert address_confirmation.link_state(work, old_link) == "over"
    assert settled(work, address_confirmation.by_link, old_link, None) == "over"
    with refused("address_code_wrong"):
        settled(work, address_confirmation.by_code, session, code=old_code)
    settled(work, address_confirmation.by_code, session, code=young_code)
    assert present(work).email == NEW


def test_a_day_after_it_was_asked_for_a_change_is_mailed_no_more(work, session, clock):
    ask(work, session)
    clock.advance(hours=23)
    settled(work, address.resend, session)
    clock.advance(hours=2)
    with refused("address_old"):
        settled(work, address.resend, session)
