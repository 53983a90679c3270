"""Tries are counted in the database, one statement each: no rush gets more than the limit says."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from player.statements import Statements
from tests.journeys import refused
from tests.threads import at_once, refusals
from webapp.models import Throttle
from webapp.rules.limits import HOUR, Limit
from webapp.rules.refusals import Refusal
from webapp.services.kernel import throttle
from webapp.services.kernel.work import Work

THREE = Limit("three", 3, HOUR)
DOUBLING = Limit("password", 5, HOUR, doubling=True)


def spend(work, limit=THREE, subject="odile"):
    return throttle.spend(work, limit, subject, "code_closed", field="security_code")


def guess(work, subject="odile"):
    return throttle.guess(work, THREE, subject, "password_closed")


def fail(work):
    return throttle.failed(work, Refusal("code_wrong"))


def test_tries_are_counted_up_to_the_limit_and_the_rest_is_refused_with_its_wait(work, clock):
    assert [spend(work) for _ in range(3)] == [1, 2, 3]
    clock.advance(minutes=20)
    with refused("code_closed") as refusal:
        spend(work)
    assert refusal.value.wait == timedelta(minutes=40)
    assert refusal.value.field == "security_code"


def test_refused_tries_do_not_prolong_the_wait(work, clock):
    for _ in range(3):
        spend(work)
    clock.advance(minutes=59)
    with refused("code_closed"):
        spend(work)
    clock.advance(minutes=1)
    assert spend(work) == 1


def test_subjects_and_limits_are_counted_apart(work):
    for _ in range(3):
        spend(work)
    assert spend(work, subject="rene") == 1
    assert spend(work, replace(THREE, name="another")) == 1


def test_a_right_try_forgets_the_count(work):
    spend(work)
    spend(work)
    throttle.refund(work, THREE, "odile")
    assert spend(work) == 1


def test_eight_tries_at_once_get_three(work):
    answers = at_once(work, 8, lambda own, _: spend(own))
    assert sorted(each for each in answers if isinstance(each, int)) == [1, 2, 3]
    assert refusals(answers) == ["code_closed"] * 5


def test_after_the_free_tries_each_costs_twice_the_wait_up_to_an_hour(work, clock):
    assert [spend(work, DOUBLING) for _ in range(5)] == [1, 2, 3, 4, 5]
    waits = []
    for _ in range(8):
        with refused("code_closed") as refusal:
            spend(work, DOUBLING)
        waits.append(refusal.value.wait)
        clock.advance(seconds=waits[-1].total_seconds() - 1)
        with refused("code_closed"):
            spend(work, DOUBLING)
        clock.advance(seconds=1)
        spend(work, DOUBLING)
    assert [wait // timedelta(minutes=1) for wait in waits] == [1, 2, 4, 8, 16, 32, 60, 60]


def test_a_day_of_peace_makes_the_first_tries_free_again(work, clock):
    for _ in range(5):
        spend(work, DOUBLING)
    clock.advance(days=1)
    assert [spend(work, DOUBLING) for _ in range(5)] == [1, 2, 3, 4, 5]


def test_eight_tries_at_once_get_the_five_free_ones(work):
    answers = at_once(work, 8, lambda own, _: spend(own, DOUBLING))
    assert sorted(each for each in answers if isinstance(each, int)) == [1, 2, 3, 4, 5]
    assert refusals(answers) == ["code_closed"] * 3


def test_a_hundred_failures_an_hour_close_the_address_of_origin(work, clock):
    assert {fail(work).key for _ in range(100)} == {"code_wrong"}
    closed = fail(work)
    assert (closed.key, closed.wait) == ("origin_closed", HOUR)
    with refused("origin_closed"):
        guess(work)
    clock.advance(hours=1)
    assert guess(work) == 1


def test_a_closed_address_refuses_nobody_who_has_proved_something(work):
    for _ in range(100):
        fail(work)
    assert [spend(work) for _ in range(3)] == [1, 2, 3]
    slip = throttle.failed(work, Refusal("code_wrong"), gated=False)
    assert slip.key == "code_wrong"
    with refused("code_closed"):
        spend(work)


def test_refused_guesses_count_for_their_address_of_origin(work):
    keys = []
    for _ in range(110):
        try:
            keys.append(guess(work))
        except Refusal as refusal:
            keys.append(refusal.key)
    assert keys == [1, 2, 3] + ["password_closed"] * 100 + ["origin_closed"] * 7


def test_a_refused_guess_asks_the_database_four_times_at_most(work):
    for _ in range(3):
        guess(work)
    for _ in range(110):
        with Statements(work.db.engine) as statements, pytest.raises(Refusal):
            guess(work)
        assert len(statements.seen) <= 4


def test_another_origin_is_not_closed(work, engine, world):
    for _ in range(100):
        fail(work)
    work.settle()
    elsewhere = Work(engine, world, "198.51.100.9")
    assert guess(elsewhere) == 1
    elsewhere.close(commit=False)


def test_a_hundred_and_twenty_failures_at_once_tell_a_hundred(work):
    def fail_ten_times(own, _):
        told = []
        for _ in range(10):
            told.append(fail(own).key)
            own.settle()
        return told

    told = [key for many in at_once(work, 12, fail_ten_times) for key in many]
    assert Counter(told) == {"code_wrong": 100, "origin_closed": 20}


@pytest.fixture
def unlimited(work):
    work.world = replace(work.world, failures_per_origin=0)
    return work


def test_zero_failures_an_hour_turns_the_limit_off(unlimited):
    for _ in range(150):
        fail(unlimited)
    assert guess(unlimited) == 1


def test_turned_off_it_forgets_what_it_had_counted(work):
    fail(work)
    for _ in range(3):
        spend(work)
    work.world = replace(work.world, failures_per_origin=0)
    with refused("code_closed"):
        spend(work)


def test_a_visitor_without_an_address_is_not_counted_with_others(engine, world):
    work = Work(engine, world, origin="")
    for _ in range(150):
        fail(work)
    assert work.db.execute(select(Throttle)).all() == []
    work.close(commit=False)


def test_the_table_names_nobody(work):
    spend(work, subject="odile@example.org")
    fail(work)
    for row in work.db.execute(select(Throttle)):
        assert "odile" not in row.key and work.origin not in row.key


@pytest.mark.parametrize("limit", [THREE, DOUBLING], ids=["plain", "doubling"])
def test_a_try_given_back_leaves_those_before_it(work, limit):
    spend(work, limit)
    spend(work, limit)
    throttle.give_back(work, limit, "odile")
    assert spend(work, limit) == 2


@pytest.mark.parametrize("free", range(5, 9))
def test_a_try_given_back_takes_its_wait_with_it(work, clock, free):
    for _ in range(4):
        spend(work, DOUBLING)
    for _ in range(free - 4):
        clock.advance(hours=1)
        spend(work, DOUBLING)
    throttle.give_back(work, DOUBLING, "odile")
    assert spend(work, DOUBLING) == free
    with refused("code_closed"):
        spend(work, DOUBLING)


def test_nothing_is_given_back_where_nothing_was_spent(work):
    throttle.give_back(work, THREE, "odile")
    spend(work)
    throttle.give_back(work, THREE, "odile")
    throttle.give_back(work, THREE, "odile")
    assert [spend(work) for _ in range(3)] == [1, 2, 3]
    with refused("code_closed"):
        spend(work)


def test_eight_right_tries_at_once_give_back_their_own(work):
    ten = replace(THREE, tries=10)
    spend(work, ten)

    def right(own, _):
        spend(own, ten)
        own.settle()
        throttle.give_back(own, ten, "odile")

    at_once(work, 8, right)
    assert spend(work, ten) == 2
