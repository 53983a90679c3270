"""What the secret key does: keyed hashes, signed links, sealed mails; one key a purpose."""

import string
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from player.world import START, StillClock
from webapp.adapters.keys import KeyedSeals

SECRET, SITE = "a secret key of the tests, long enough", "https://espace.example.org"
SIGNS = string.ascii_letters + string.digits + "-_."
ROW = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def clock():
    return StillClock()


@pytest.fixture
def seals(clock):
    return KeyedSeals(SECRET, SITE, clock)


SEALS = KeyedSeals(SECRET, SITE, StillClock())


def test_a_keyed_hash_is_the_same_for_the_same_and_differs_for_all_else(seals):
    mac = seals.mac("security_code", "odile", "123456")
    assert len(mac) == 32
    assert mac == KeyedSeals(SECRET, "http://localhost", StillClock()).mac(
        "security_code", "odile", "123456"
    )
    others = {
        seals.mac("activation_code", "odile", "123456"),
        seals.mac("security_code", "rene", "123456"),
        seals.mac("security_code", "odile", "123457"),
        seals.mac("security_code", "odile1", "23456"),
        seals.mac("security_code", "odile", "123456", ""),
        KeyedSeals(SECRET + ".", SITE, StillClock()).mac("security_code", "odile", "123456"),
    }
    assert len(others) == 6 and mac not in others


@given(
    st.lists(st.text(st.characters(codec="utf-8"))), st.lists(st.text(st.characters(codec="utf-8")))
)
def test_no_part_runs_into_the_next(one, other):
    assert (SEALS.mac("p", *one) == SEALS.mac("p", *other)) == (one == other)


def test_a_link_says_its_row_and_when_it_was_made(seals, clock):
    token = seals.seal_link("registration", ROW)
    clock.advance(days=3)
    assert seals.open_link("registration", token) == (ROW, START)
    assert ROW not in token


def test_a_link_of_a_host_whose_clock_is_ahead_opens(seals, clock):
    token = seals.seal_link("registration", ROW)
    clock.advance(seconds=-30)
    assert seals.open_link("registration", token) == (ROW, START)


def test_a_link_opens_for_its_purpose_key_and_site_alone(seals):
    token = seals.seal_link("registration", ROW)
    assert seals.open_link("recovery", token) is None
    for foreign in (
        KeyedSeals(SECRET + ".", SITE, StillClock()),
        KeyedSeals(SECRET, "https://test.example.org", StillClock()),
    ):
        assert foreign.open_link("registration", token) is None


@given(st.text(st.characters()))
def test_what_is_not_a_link_opens_nothing_and_raises_nothing(token):
    assert SEALS.open_link("registration", token) is None


@given(st.data())
def test_a_link_changed_cut_or_doubled_opens_nothing(data):
    token = SEALS.seal_link("registration", ROW)
    at = data.draw(st.integers(0, len(token) - 2))
    sign = data.draw(st.sampled_from(SIGNS).filter(lambda each: each != token[at]))
    for forged in (token[:at] + sign + token[at + 1 :], token[:at], token + token, token + sign):
        assert SEALS.open_link("registration", forged) is None


@given(st.binary())
def test_what_is_locked_opens_as_it_was_for_its_row_alone(plain):
    sealed = SEALS.lock(ROW, plain)
    assert SEALS.unlock(ROW, sealed) == plain
    assert len(plain) < 4 or plain not in sealed
    with pytest.raises(ValueError, match="row other"):
        SEALS.unlock("other", sealed)


def test_the_same_content_is_never_sealed_the_same(seals):
    assert seals.lock(ROW, b"123456") != seals.lock(ROW, b"123456")


@given(st.integers(0, 37), st.integers(1, 255))
def test_what_was_changed_does_not_open(at, flip):
    sealed = bytearray(SEALS.lock(ROW, b"a content!"))
    sealed[at] ^= flip
    with pytest.raises(ValueError, match="does not open"):
        SEALS.unlock(ROW, bytes(sealed))


@pytest.mark.parametrize("sealed", [b"", b"short", b"twelve bytes"])
def test_what_is_too_short_does_not_open(seals, sealed):
    with pytest.raises(ValueError, match=r".+"):
        seals.unlock(ROW, sealed)


def test_another_key_does_not_open(seals):
    former = KeyedSeals("the key of before, long since changed", SITE, StillClock())
    with pytest.raises(ValueError, match="SECRET_KEY"):
        seals.unlock(ROW, former.lock(ROW, b"123456"))


def test_a_keyed_hash_is_known_under_each_key_todays_first(seals):
    both = KeyedSeals("another key, made up for this test", SITE, StillClock(), [SECRET])
    todays, former = both.macs("p", "a")
    assert (todays, former) == (both.mac("p", "a"), seals.mac("p", "a"))
    assert seals.macs("p", "a") == (former,)
    assert former not in both.macs("p", "b") and former not in both.macs("q", "a")


def test_what_a_former_key_locked_is_renewed_and_what_todays_did_stays(seals):
    both = KeyedSeals("another key, made up for this test", SITE, StillClock(), [SECRET])
    alone = KeyedSeals("another key, made up for this test", SITE, StillClock())
    renewed = both.renewed(ROW, seals.lock(ROW, b"secret"))
    assert alone.unlock(ROW, renewed) == b"secret"
    assert both.renewed(ROW, renewed) == renewed
    with pytest.raises(ValueError, match="SECRET_KEY"):
        alone.renewed(ROW, seals.lock(ROW, b"secret"))


def test_a_link_is_judged_by_whole_seconds_of_our_clock(seals, clock):
    clock.advance(seconds=0.7)
    _, made_at = seals.open_link("registration", seals.seal_link("registration", ROW))
    assert timedelta(0) <= clock.now() - made_at < timedelta(seconds=1)


def test_many_keyed_hashes_are_those_made_one_by_one():
    rows = [("00100234", "7K2M9QXD4HRT"), ("é", ""), ("1", "2:3"), ("12:", "3")]
    seals = KeyedSeals("x" * 200, "http://127.0.0.1", StillClock())
    each = [seals.mac("access_code", *row) for row in rows]
    assert seals.each_mac("access_code", rows) == each
    assert len(set(each)) == len(each)
