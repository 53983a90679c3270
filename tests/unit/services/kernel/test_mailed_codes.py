"""Mailed codes as they are stored: several side by side, each with a life of its own."""

from datetime import timedelta

import pytest

from webapp.services.kernel import mailed_codes

LIFE = timedelta(minutes=5)


@pytest.fixture
def pieces(work, clock):
    """Two codes, the second three minutes younger."""
    first = mailed_codes.stored_code(work, "security_code", "odile", "111111", work.now + LIFE)
    clock.advance(minutes=3)
    return first + mailed_codes.stored_code(
        work, "security_code", "odile", "222222", work.now + LIFE
    )


def verdict(work, pieces, code, purpose="security_code", owner="odile"):
    return mailed_codes.verdict(work, purpose, owner, code, pieces)


def test_each_code_is_right_until_its_own_end(work, clock, pieces):
    assert verdict(work, pieces, "111111") == verdict(work, pieces, "222222") == "right"
    clock.advance(minutes=2)
    assert verdict(work, pieces, "111111") == "expired"
    assert verdict(work, pieces, "222222") == "right"


def test_another_code_is_wrong_before_and_after(work, clock, pieces):
    assert verdict(work, pieces, "333333") == "wrong"
    clock.advance(minutes=9)
    assert verdict(work, pieces, "333333") == "wrong"
    assert verdict(work, "", "111111") == "wrong"


def test_a_code_counts_for_its_owner_and_purpose_alone(work, pieces):
    assert verdict(work, pieces, "111111", owner="rene") == "wrong"
    assert verdict(work, pieces, "111111", purpose="activation_code") == "wrong"


def test_the_same_code_twice_lives_as_long_as_the_younger(work, clock, pieces):
    pieces += mailed_codes.stored_code(work, "security_code", "odile", "111111", work.now + LIFE)
    clock.advance(minutes=4)
    assert verdict(work, pieces, "111111") == "right"


def test_the_youngest_code_says_when_all_are_past(work, pieces):
    assert mailed_codes.last_expiry(pieces) == work.now + LIFE
    assert mailed_codes.last_expiry("") is None


def test_what_is_stored_does_not_hold_the_code(pieces):
    assert "111111" not in pieces and "222222" not in pieces


def test_it_is_said_how_long_a_code_lasts_until_it_is_over(work, clock):
    ends_at = work.now + LIFE
    clock.advance(seconds=1)
    assert mailed_codes.left(work, ends_at) == LIFE - timedelta(seconds=1)
    clock.advance(minutes=5)
    assert mailed_codes.left(work, ends_at) is None
    assert mailed_codes.left(work, work.now) is None and mailed_codes.left(work, None) is None
