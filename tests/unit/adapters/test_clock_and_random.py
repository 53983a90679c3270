"""Time and chance, as the machine has them."""

import re
from datetime import UTC, timedelta

from webapp.adapters.clock_and_random import SystemChance, SystemClock
from webapp.rules import credentials
from webapp.rules.credentials import ACCESS_ALPHABET

CHANCE = SystemChance()
MANY = 300


def distinct(draw) -> set[str]:
    """Many drawn values, none of them twice."""
    drawn = {draw() for _ in range(MANY)}
    assert len(drawn) == MANY
    return drawn


def test_now_is_aware_and_utc_and_goes_on():
    clock = SystemClock()
    first, second = clock.now(), clock.now()
    assert first.tzinfo is UTC
    assert timedelta(0) <= second - first < timedelta(minutes=1)


def test_tokens_hold_256_bits_and_stand_in_a_cookie():
    assert all(re.fullmatch(r"[\w-]{43}", each, re.ASCII) for each in distinct(CHANCE.token))


def test_row_ids_hold_128_bits():
    assert all(re.fullmatch(r"[0-9a-f]{32}", each) for each in distinct(CHANCE.row_id))


def test_codes_have_their_count_of_digits_and_keep_leading_zeros():
    codes = [CHANCE.digits(6) for _ in range(MANY)]
    assert all(re.fullmatch(r"\d{6}", each, re.ASCII) for each in codes)
    assert {each[0] for each in codes} == set("0123456789")
    assert all(len(each) == 13 for each in distinct(lambda: CHANCE.digits(13)))


def test_an_activation_code_is_not_the_clock():
    assert len({CHANCE.digits(13)[:4] for _ in range(50)}) > 25


def test_access_codes_use_the_whole_alphabet_and_are_their_own_normal_form():
    codes = distinct(CHANCE.access_code)
    assert set("".join(codes)) == set(ACCESS_ALPHABET)
    assert all(credentials.access_code(credentials.grouped(each)) == each for each in codes)
