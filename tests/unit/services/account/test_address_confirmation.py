"""Another address is proved by its mailbox, by the code or by the link."""

import re

import pytest
from sqlalchemy import select

from player.members import ODILE, RENE, with_account
from tests.address_changes import NEW, ask, code, confirmed, last, link, present
from tests.journeys import (
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
from webapp.models import Device, StoredSession
from webapp.services.account import (
    address,
    address_confirmation,
    address_undo,
    recovery,
    recovery_link,
)
from webapp.services.kernel import sessions


@pytest.fixture
def session(work):
    with_account(work)
    return found(work, signed_in(work, remember=True).token)


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


@pytest.mark.parametrize("token", ["", "x", "é", "\ud800", "a.b.c", "0" * 10_000])
def test_a_link_that_is_not_ours_is_unknown(work, session, token):
    assert (
        address_confirmation.link_state(work, token)
        == address_undo.link_state(work, token)
        == "unknown"
    )
    assert settled(work, address_confirmation.by_link, token, session) == "unknown"
    assert settled(work, address_undo.undo, token) == "unknown"


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
