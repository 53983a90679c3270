"""A retirement home: many members behind one address of origin, and a hundred failures there."""

import pytest

from player.members import LUCE, ODILE, RENE, Letter, on_the_roll, with_account
from player.world import NEW_PASSWORD
from tests import own_steps
from tests.journeys import (
    code_in_mail,
    drafted,
    give_code,
    give_password,
    in_waiting,
    mailed_link,
    mailed_recovery,
    refused,
    settled,
    signed_in,
)
from tests.strangers import WRONG, failures, failures_left
from webapp.rules.ranks import Rank
from webapp.services.account import recovery, recovery_link
from webapp.services.kernel import thanks
from webapp.services.registration import address, confirmation, pending
from webapp.services.sign_in import authenticators, devices, mailed_code


@pytest.fixture(autouse=True)
def account_id(work):
    account = with_account(work)
    on_the_roll(work, RENE)
    on_the_roll(work, LUCE)
    work.settle()
    return account


def ask(work, letter=ODILE, **changes):
    """One request for a new password."""
    settled(work, recovery.ask, email=letter.email, number=letter.number, **changes)


def test_a_trusted_device_gets_in_and_a_wrong_password_there_is_told_as_such(work, account_id):
    _, secret = devices.remember(work, account_id, "Firefox, Linux")
    failures(work)
    with refused("sign_in_wrong"):
        give_password(work, password=WRONG, device_secret=secret)
    assert give_password(work, device_secret=secret).rank is Rank.MEMBER


def test_a_right_letter_goes_through_up_to_the_space_s_confirmation(work, clock):
    failures(work, 130)
    session = drafted(work, RENE)
    failures(work, 130)
    pending.accept_terms(work, session.registration_id)
    work.settle()
    clock.advance(minutes=2)
    failures(work, 130)
    pending.resend(work, session.registration_id)
    address.change(work, session, email="neuf@example.org", access_code=RENE.access_code)
    code = code_in_mail(work)
    with refused("activation_wrong"):
        confirmation.by_code(work, session.registration_id, code="1" * 13)
    assert confirmation.by_code(work, session.registration_id, code=code).state == "confirmed"


def test_a_sign_in_under_way_goes_on(work, clock):
    session_code = give_password(work)
    failures(work, 130)
    clock.advance(minutes=2)
    mailed_code.resend(work, session_code.session)
    work.settle()
    assert give_code(work, session_code.session, code_in_mail(work)).rank is Rank.MEMBER


def test_a_link_to_a_new_password_is_mailed_and_opens(work):
    failures(work, 130)
    ask(work)
    assert recovery_link.choose(work, mailed_recovery(work), password=NEW_PASSWORD)


def test_a_right_letter_gives_ten_failures_back(work):
    failures(work)
    drafted(work, RENE)
    assert failures_left(work) == 10


def test_so_does_a_confirmed_registration_by_its_link_or_by_its_code(work):
    registration_id = in_waiting(work, RENE)
    link = mailed_link(work)
    failures(work, 130)
    confirmation.by_link(work, link)
    assert failures_left(work) == 10
    work.settle()
    registration_id = in_waiting(work, LUCE)
    code = code_in_mail(work)
    failures(work, 130)
    confirmation.by_code(work, registration_id, code=code)
    assert failures_left(work) == 10


def test_confirming_twice_gives_back_once(work):
    in_waiting(work, RENE)
    link = mailed_link(work)
    failures(work, 130)
    for _ in range(5):
        confirmation.by_link(work, link)
    assert failures_left(work) == 10


def test_so_does_a_sign_in_with_its_mailed_code_at_the_first_try_or_the_third(work):
    for wrong_ones in (0, 2):
        failures(work, 130)
        thanks.thank(work)
        session = give_password(work).session
        code = code_in_mail(work)
        for _ in range(wrong_ones):
            with refused("code_wrong"):
                give_code(work, session, "000000")
        failures(work, 130)
        give_code(work, session, code)
        assert failures_left(work) == 10
        work.settle()


def test_a_password_alone_and_a_trusted_device_give_nothing_back(work, account_id):
    """One account of a stranger's own buys no more than its mailed codes an hour."""
    _, secret = devices.remember(work, account_id, "Firefox, Linux")
    give_password(work)
    failures(work, 130)
    for _ in range(5):
        assert give_password(work, device_secret=secret).rank is Rank.MEMBER
    assert failures_left(work) == 0


def test_the_twenty_first_request_for_a_new_password_is_fine_after_sign_ins(work):
    for each in range(20):
        ask(work, RENE if each % 2 else LUCE)
    with refused("recovery_closed"):
        ask(work)
    signed_in(work)
    for _ in range(10):
        ask(work)
    with refused("recovery_closed"):
        ask(work)


def test_a_trusted_device_skips_that_limit_for_its_own_account_alone(work, account_id):
    third = Letter("0077777", "T7K0M3X9W2PA", "lucien@example.org")
    with_account(work, third)
    _, secret = devices.remember(work, account_id, "Firefox, Linux")
    for _ in range(20):
        ask(work, LUCE)
    with refused("recovery_closed"):
        ask(work, third, device_secret=secret)
    with refused("recovery_closed"):
        ask(work, device_secret=f"{secret}x")
    ask(work, device_secret=secret)
    assert recovery_link.link_state(work, mailed_recovery(work)) == "ready"


def test_an_app_of_a_stranger_s_own_gives_nothing_back(work, clock):
    """Its codes are as many as its owner likes."""
    own_steps.with_app(work, own_steps.member(work))
    clock.advance(seconds=30)
    session = own_steps.at_own_step(work)
    failures(work, 130)
    code = own_steps.app_code(work)
    entered = authenticators.enter(work, session, code=code, agent="Firefox, Linux")
    assert entered.rank is Rank.MEMBER
    assert failures_left(work) == 0
