"""Tries of the owner's own, whatever others do to the account or its address of origin."""

import re
from dataclasses import replace

import pytest

from player.members import RENE, with_account
from player.statements import Statements
from tests.journeys import code_in_mail, found, give_code, give_password, refused, signed_in
from tests.strangers import NOBODY, WRONG, fail, ten_failures, warned_link
from webapp.rules.ranks import Rank
from webapp.services.sign_in import devices, own_tries

pytestmark = pytest.mark.usefixtures("account_id")


def test_the_warning_s_link_lets_the_owner_in_while_the_account_waits(work, clock):
    ten_failures(work, clock)
    with refused("password_closed"):
        give_password(work)
    own_pass = own_tries.exchange(work, warned_link(work))
    assert give_password(work, own_pass=own_pass).rank is Rank.CODE


def test_and_while_the_address_of_origin_is_closed(work, clock):
    ten_failures(work, clock)
    own_pass = own_tries.exchange(work, warned_link(work))
    for each in range(120):
        with refused("sign_in_wrong" if each < 99 else "origin_closed"):
            give_password(work, f"personne{each}@example.org", WRONG)
    with refused("origin_closed"):
        give_password(work)
    fail(work, own_pass=own_pass)
    session = found(work, give_password(work, own_pass=own_pass).token)
    assert give_code(work, session, code_in_mail(work)).rank is Rank.MEMBER


def test_five_tries_an_hour_shared_by_all_who_opened_the_link_then_those_of_everybody(work, clock):
    ten_failures(work, clock)
    link = warned_link(work)
    for _ in range(5):
        fail(work, own_pass=own_tries.exchange(work, link))
    with refused("password_closed"):
        give_password(work, own_pass=own_tries.exchange(work, link))
    clock.advance(hours=1)
    assert give_password(work, own_pass=own_tries.exchange(work, link)).rank is Rank.CODE


def test_to_open_the_link_spends_nothing(work, clock):
    ten_failures(work, clock)
    link = warned_link(work)
    with Statements(work.db.engine) as statements:
        for _ in range(50):
            assert own_tries.exchange(work, link)
    assert statements.seen == []
    fail(work, 4, own_pass=own_tries.exchange(work, link))
    assert give_password(work, own_pass=own_tries.exchange(work, link)).rank is Rank.CODE


def test_wrong_ones_of_its_own_leave_the_count_of_everybody_and_of_the_origin_alone(
    work, account_id
):
    own_pass = own_tries.give(work, account_id)
    fail(work, 5, own_pass=own_pass)
    fail(work, 5)
    work.world = replace(work.world, failures_per_origin=6)
    with refused("password_closed"):
        give_password(work)
    with refused("origin_closed"):
        give_password(work)


def test_a_right_one_of_its_own_gives_a_stranger_no_try_back(work, account_id):
    fail(work, 5)
    assert give_password(work, own_pass=own_tries.give(work, account_id)).rank is Rank.CODE
    with refused("password_closed"):
        give_password(work)


def test_a_pass_lasts_an_hour_and_the_link_a_day(work, clock, account_id):
    ten_failures(work, clock)
    link, own_pass = warned_link(work), own_tries.give(work, account_id)
    clock.advance(minutes=59)
    assert give_password(work, own_pass=own_pass).rank is Rank.CODE
    clock.advance(minutes=1)
    fail(work)
    with refused("password_closed"):
        give_password(work, own_pass=own_pass)
    clock.advance(hours=22, minutes=59)
    assert own_tries.exchange(work, link)
    clock.advance(minutes=1)
    assert own_tries.exchange(work, link) is None


def test_a_pass_is_worth_nothing_for_another_account_or_for_nobody(work, account_id):
    with_account(work, RENE)
    own_pass = own_tries.give(work, account_id)
    for email in (RENE.email, NOBODY):
        fail(work, 5, email, own_pass=own_pass)
        with refused("password_closed"):
            give_password(work, email, own_pass=own_pass)
    fail(work, 5)
    assert give_password(work, own_pass=own_pass).rank is Rank.CODE


@pytest.mark.parametrize("broken", ["", "x", "a.b.c", "é" * 40])
def test_what_is_not_ours_is_no_pass_and_no_link(work, broken):
    assert own_tries.exchange(work, broken) is None
    fail(work, 5, own_pass=broken)
    with refused("password_closed"):
        give_password(work, own_pass=broken)


def test_a_link_is_no_pass_a_pass_no_link_and_neither_names_the_account(work, clock, account_id):
    ten_failures(work, clock)
    link, own_pass = warned_link(work), own_tries.give(work, account_id)
    assert own_tries.exchange(work, own_pass) is None
    with refused("password_closed"):
        give_password(work, own_pass=link)
    content = work.world.seals.open_link("own_tries", own_pass)[0]
    assert re.fullmatch(r"[0-9a-f]{32}\.[0-9a-f]{32}", content)


def test_its_sign_ins_are_not_refused_for_codes_that_a_stranger_had_mailed(work, account_id):
    for each in range(20):
        give_password(work, browser=f"stranger {each}")
    with refused("mail_closed"):
        give_password(work, browser="the owner's other browser")
    own_pass = own_tries.give(work, account_id)
    assert signed_in(work, own_pass=own_pass).rank is Rank.MEMBER


def test_it_costs_no_statement_more_than_a_sign_in_without(work, account_id):
    asked = []
    for own_pass in (None, own_tries.give(work, account_id)):
        with Statements(work.db.engine) as statements:
            give_password(work, own_pass=own_pass, browser=f"browser {own_pass}")
        asked.append(len(statements.seen))
    assert asked[1] <= asked[0]


def test_a_trusted_device_does_not_need_it_and_does_not_spend_it(work, account_id):
    own_pass = own_tries.give(work, account_id)
    _, secret = devices.remember(work, account_id, "Firefox, Linux")
    fail(work, 5, device_secret=secret, own_pass=own_pass)
    with refused("password_closed"):
        give_password(work, device_secret=secret, own_pass=own_pass)
    assert give_password(work, own_pass=own_pass).rank is Rank.CODE
