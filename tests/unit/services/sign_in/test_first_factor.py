"""The first step: e-mail and password, its limits, and where it leads."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from player.mails import waiting
from player.members import ODILE, RENE, on_the_roll
from player.world import NEW_PASSWORD, PASSWORD
from tests.journeys import (
    at_code,
    count,
    enter,
    found,
    give_password,
    in_waiting,
    journalled,
    refused,
)
from tests.strangers import NOBODY, WRONG, fail
from tests.threads import at_once, refusals
from webapp.adapters.argon2 import Argon2Hasher
from webapp.models import Account, StoredSession
from webapp.rules import limits
from webapp.rules.ranks import Rank, Waiting
from webapp.rules.refusals import Refusal
from webapp.services.kernel import sessions
from webapp.services.kernel.work import Work
from webapp.services.sign_in import devices, first_factor, mailed_code

pytestmark = pytest.mark.usefixtures("account_id")


def test_the_right_password_leads_to_the_code_which_leaves_by_mail(work):
    session = at_code(work)
    assert (session.rank, session.email) == (Rank.CODE, ODILE.email)
    assert [(each.name, each.to) for each in waiting(work)] == [("security_code", ODILE.email)]
    assert mailed_code.ends(session) == work.now + timedelta(minutes=5)


@pytest.mark.parametrize("email", ["ODILE@example.org", "Odile@Example.org"])
def test_letter_case_of_the_address_is_forgiven(work, email):
    assert give_password(work, email).rank is Rank.CODE


def test_a_password_of_three_years_ago_still_opens(work, clock):
    clock.advance(days=3 * 365)
    assert give_password(work).rank is Rank.CODE


@pytest.mark.parametrize("password", [PASSWORD.upper(), f" {PASSWORD}", f"{PASSWORD} ", ""])
def test_a_password_is_taken_to_the_letter(work, password):
    with refused("sign_in_wrong"):
        give_password(work, password=password)


@pytest.mark.parametrize("email", [ODILE.email, NOBODY])
def test_wrong_password_and_unknown_address_get_the_same_answer(work, email):
    with refused("sign_in_wrong") as refusal:
        give_password(work, email, WRONG)
    assert (refusal.value.field, refusal.value.wait) == (None, None)
    assert waiting(work) == [] and count(work, StoredSession) == 0


@pytest.mark.parametrize("email", [ODILE.email, NOBODY])
def test_after_five_wrong_passwords_a_minute_that_doubles_known_or_not(work, clock, email):
    fail(work, 5, email)
    for minutes in (1, 2, 4):
        with refused("password_closed") as refusal:
            give_password(work, email, PASSWORD)
        assert refusal.value.wait == timedelta(minutes=minutes)
        clock.advance(minutes=minutes)
        fail(work, email=email)


def test_the_delay_never_passes_an_hour_and_the_right_password_ends_it(work, clock):
    fail(work, 5)
    for _ in range(10):
        clock.advance(hours=1)
        fail(work)
    with refused("password_closed") as refusal:
        give_password(work)
    assert refusal.value.wait == timedelta(hours=1)
    clock.advance(hours=1)
    assert give_password(work).rank is Rank.CODE
    fail(work, 5)


@pytest.mark.parametrize("email", [ODILE.email, NOBODY])
def test_twenty_wrong_passwords_at_once_are_compared_five_times(work, email):
    def fail_alone(own: Work, _: int):
        return first_factor.password(
            own,
            email=email,
            password=WRONG,
            remember=False,
            device_secret=None,
            browser="b",
            agent="",
            previous=None,
        )

    answers = at_once(work, 20, fail_alone)
    assert refusals(answers) == ["password_closed"] * 15 + ["sign_in_wrong"] * 5


def test_the_owner_is_told_at_the_tenth_wrong_password_and_not_before_or_again(work, clock):
    fail(work, 5)
    for each in range(6, 13):
        clock.advance(hours=1)
        assert [mail.name for mail in waiting(work)] == ["ten_failures"] * (each > 10)
        fail(work)
    assert [(each.name, each.to) for each in waiting(work)] == [("ten_failures", ODILE.email)]


def test_nobody_is_told_of_ten_wrong_passwords_for_nobody(work, clock):
    fail(work, 5, NOBODY)
    for _ in range(6):
        clock.advance(hours=1)
        fail(work, email=NOBODY)
    assert waiting(work) == []


def test_a_stranger_cannot_keep_the_owner_out_of_a_trusted_device(work, account_id):
    _, secret = devices.remember(work, account_id, "Firefox, Linux")
    fail(work, 5)
    with refused("password_closed"):
        give_password(work)
    assert give_password(work, device_secret=secret).rank is Rank.MEMBER


def test_a_trusted_device_has_a_count_of_its_own_and_limits_too(work, account_id):
    _, secret = devices.remember(work, account_id, "Firefox, Linux")
    fail(work, 5, device_secret=secret)
    with refused("password_closed"):
        give_password(work, device_secret=secret)
    assert give_password(work).rank is Rank.CODE
    facts = journalled(work, "sign_in.password_refused")
    assert facts == [{"known_device": True}] * 5


def test_a_hundred_failures_an_hour_close_their_address_of_origin(work, clock):
    for each in range(100):
        fail(work, email=f"personne{each}@example.org")
    with refused("origin_closed"):
        give_password(work)
    clock.advance(hours=1)
    assert give_password(work).rank is Rank.CODE


def test_zero_failures_turns_the_limit_by_origin_off(work):
    work.world = replace(work.world, failures_per_origin=0)
    for each in range(101):
        fail(work, email=f"personne{each}@example.org")
    assert give_password(work).rank is Rank.CODE


def test_a_registration_in_waiting_leads_to_its_activation_code(work):
    on_the_roll(work, RENE)
    registration_id = in_waiting(work, RENE)
    session = found(work, give_password(work, RENE.email).token)
    assert (type(session), session.registration_id) == (Waiting, registration_id)


def test_a_registration_that_is_over_leads_nowhere(work, clock):
    on_the_roll(work, RENE)
    in_waiting(work, RENE)
    clock.advance(hours=24)
    with refused("sign_in_wrong"):
        give_password(work, RENE.email)


def test_account_and_registration_of_one_address_are_told_apart_by_their_passwords(work):
    on_the_roll(work, RENE)
    in_waiting(work, RENE, email=ODILE.email, password=WRONG)
    assert give_password(work).rank is Rank.CODE
    assert give_password(work, password=WRONG).rank is Rank.WAITING


def test_who_registers_with_another_s_address_gets_no_more_guesses_at_it(work):
    """Their own right password in between gives nothing back."""
    on_the_roll(work, RENE)
    in_waiting(work, RENE, email=ODILE.email, password=NEW_PASSWORD)
    compared = 0
    for password in (WRONG, WRONG, WRONG, NEW_PASSWORD) * 4:
        try:
            give_password(work, password=password)
        except Refusal as refusal:
            compared += refusal.key == "sign_in_wrong"
    assert compared <= limits.PASSWORD.tries


def test_hashes_made_with_older_settings_are_renewed_at_sign_in(work):
    old = Argon2Hasher(2, 16, 1)
    work.db.execute(update(Account).values(password_hash=old.hash(PASSWORD)))
    stored = select(Account.password_hash)
    fail(work)
    assert "t=2" in work.db.execute(stored).scalar_one(), "a wrong password renews nothing"
    give_password(work)
    renewed = work.db.execute(stored).scalar_one()
    assert "t=1" in renewed and work.world.hasher.verify(renewed, PASSWORD)
    assert give_password(work).rank is Rank.CODE


def test_a_hash_of_todays_settings_stays(work):
    stored = select(Account.password_hash)
    before = work.db.execute(stored).scalar_one()
    give_password(work)
    assert work.db.execute(stored).scalar_one() == before


def test_the_id_changes_at_the_password_and_the_former_one_is_dead(work):
    former = enter(work, Rank.REGISTERING, None)
    session = at_code(work, previous=found(work, former))
    assert sessions.find(work, former) is None
    assert count(work, StoredSession) == 1 and session.rank is Rank.CODE
