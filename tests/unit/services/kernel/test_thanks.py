"""What an address of origin gets back for right things has a lid: a stranger has a letter and a
space of their own, and proves both as often as they like."""

from dataclasses import replace

import pytest

from player.members import ODILE, RENE, on_the_roll, with_account
from player.statements import Statements
from tests.journeys import (
    code_in_mail,
    drafted,
    found,
    give_code,
    give_password,
    in_waiting,
    mailed_link,
    refused,
)
from tests.strangers import failures, failures_left
from webapp.rules import limits
from webapp.services.kernel import thanks
from webapp.services.registration import confirmation, drafts
from webapp.services.space import security

ALL_LOST = 130


def gains(work, prove, times):
    """What each of these proofs gives back to an address that has lost all."""
    found_back = []
    for _ in range(times):
        failures(work, ALL_LOST)
        prove()
        work.settle()
        found_back.append(failures_left(work))
    return found_back


FEW = limits.THANKS.tries


def test_a_letter_typed_again_and_again_gives_back_five_times_an_hour(work, clock):
    on_the_roll(work, RENE)
    assert gains(work, lambda: drafted(work, RENE), FEW + 2) == [10] * FEW + [0, 0]
    clock.advance(minutes=61)
    assert gains(work, lambda: drafted(work, RENE), 1) == [10]


def test_a_confirmed_registration_gives_some_back(work):
    on_the_roll(work, RENE)
    in_waiting(work, RENE)
    token = mailed_link(work)
    assert gains(work, lambda: confirmation.by_link(work, token), 2) == [10, 0]


def test_so_does_a_letter_that_is_used_up(work):
    with_account(work)

    def prove():
        with refused("registration_done"):
            drafts.write(
                work,
                number=ODILE.number,
                access_code=ODILE.access_code,
                email="voleur@example.org",
                password="quatre mots d’un voleur",
                previous=None,
            )

    assert gains(work, prove, FEW + 2) == [10] * FEW + [0, 0]


@pytest.mark.parametrize("begins_anew", [False, True])
def test_an_account_signed_in_to_again_and_again_too_whatever_it_closes_meanwhile(
    work, clock, begins_anew
):
    """A new beginning forgets the codes that were mailed before it, not what was given back."""
    with_account(work)

    def prove():
        thanks.thank(work)  # for the password alone: not what is measured
        session = give_password(work, browser=str(clock.now())).session
        clock.advance(seconds=61)
        failures(work, ALL_LOST)
        entered = give_code(work, session, code_in_mail(work))
        if begins_anew:
            security.end_other_sessions(work, found(work, entered.token))

    assert gains(work, prove, FEW + 2) == [10] * FEW + [0, 0]


def test_one_letter_s_lid_is_no_other_s(work):
    on_the_roll(work, RENE)
    with_account(work)
    gains(work, lambda: drafted(work, RENE), FEW + 1)
    failures(work, ALL_LOST)
    with refused("registration_done"):
        drafted(work, ODILE)
    work.settle()
    assert failures_left(work) == 10


def test_wrong_codes_of_a_right_letter_are_forgotten_beyond_the_lid_as_before(work):
    on_the_roll(work, RENE)
    for _ in range(FEW + 2):
        failures(work, ALL_LOST)
        for _ in range(limits.ACCESS_CODE.tries - 1):
            with refused("origin_closed"):
                drafted(work, replace(RENE, access_code=ODILE.access_code))
            work.settle()
        drafted(work, RENE)
        work.settle()


def test_where_little_was_lost_a_right_letter_costs_no_statement_more(work):
    on_the_roll(work, RENE)
    costs = []
    for lost in (0, limits.GIVEN_BACK - 1):
        failures(work, lost)
        with Statements(work.db.engine) as statements:
            drafted(work, RENE)
        costs.append(len(statements.seen))
        work.settle()
    assert len(set(costs)) == 1
