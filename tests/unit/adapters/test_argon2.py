"""Passwords as argon2id hashes."""

import os
import subprocess
import sys
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from player.world import PASSWORD
from tests.hashers import CountingHasher
from tests.journeys import refused
from webapp.adapters.argon2 import _NOBODY, PROCESSES, Argon2Hasher, share
from webapp.settings import Settings

NOBODYS = "the hash that is checked when there is none"
HASHER = Argon2Hasher(1, 8, 1)


def test_a_hash_matches_its_password_and_no_other():
    stored = HASHER.hash(PASSWORD)
    assert HASHER.verify(stored, PASSWORD)
    assert not HASHER.verify(stored, PASSWORD + " ")
    assert not HASHER.verify(stored, "")


@settings(max_examples=30)
@given(st.text(st.characters(codec="utf-8"), max_size=128))
def test_every_sign_counts_and_only_its_writing_is_forgiven(password):
    stored = HASHER.hash(password)
    assert HASHER.verify(stored, unicodedata.normalize("NFD", password))
    assert not HASHER.verify(stored, password + "x")


def test_it_is_argon2id_with_a_salt_of_its_own():
    first, second = HASHER.hash(PASSWORD), HASHER.hash(PASSWORD)
    assert first.startswith("$argon2id$") and first != second
    assert PASSWORD not in first


def test_by_default_it_costs_exactly_the_least_that_owasp_asks_for():
    defaults = Settings("x" * 32, "http://localhost", "127.0.0.1")
    hasher = Argon2Hasher(
        defaults.argon2_time_cost, defaults.argon2_memory_cost, defaults.argon2_parallelism
    )
    assert "$m=19456,t=2,p=1$" in hasher.hash(PASSWORD)


@pytest.mark.parametrize("nothing", [None, ""])
def test_nobodys_hash_matches_nothing(nothing):
    assert not HASHER.verify(nothing, PASSWORD)
    assert not HASHER.verify(nothing, NOBODYS)


def test_nobodys_hash_is_made_as_one_of_ours():
    own = HASHER.hash(PASSWORD)
    assert own.startswith(HASHER.settings + "$")
    assert [len(each) for each in _NOBODY.split("$")] == [0, *map(len, own.split("$")[-2:])]


FORMER = Argon2Hasher(2, 16, 1)


NOT_ITS = [None, "", "x", HASHER.hash("autre"), FORMER.hash("autre")]


@pytest.mark.parametrize("stored", NOT_ITS, ids=["none", "wiped", "broken", "today's", "former"])
def test_whatever_the_hash_one_computation_with_each_settings_in_use(stored):
    counting = CountingHasher()
    assert not counting.verify(stored, PASSWORD, [FORMER.settings, counting.settings])
    assert counting.computed == sorted([FORMER.settings, counting.settings])


@pytest.mark.parametrize("in_use", [(), (HASHER.settings,), (HASHER.settings, FORMER.settings)])
@pytest.mark.parametrize("maker", [HASHER, FORMER])
def test_the_right_password_matches_whatever_else_is_in_use(maker, in_use):
    stored = maker.hash(PASSWORD)
    assert HASHER.verify(stored, PASSWORD, in_use)
    assert not HASHER.verify(stored, PASSWORD + " ", in_use)


def test_a_broken_hash_matches_nothing():
    for broken in ("x", "$argon2id$", HASHER.hash(PASSWORD)[:-3]):
        assert not HASHER.verify(broken, PASSWORD)


def test_hashes_of_other_settings_match_and_are_outdated():
    former = Argon2Hasher(2, 16, 1)
    stored = former.hash(PASSWORD)
    assert HASHER.verify(stored, PASSWORD)
    assert HASHER.outdated(stored) and not former.outdated(stored)


def test_without_room_it_says_that_it_is_busy():
    full = Argon2Hasher(1, 8, 1, at_once=0, wait_seconds=0)
    with refused("busy"):
        full.hash(PASSWORD)
    with refused("busy"):
        full.verify(None, PASSWORD)


def test_a_seat_is_given_back_whatever_happens():
    one_seat = Argon2Hasher(1, 8, 1, at_once=1, wait_seconds=0)
    for _ in range(3):
        with pytest.raises(UnicodeEncodeError):
            one_seat.hash("\ud800")
        one_seat.verify("broken", PASSWORD)
    assert one_seat.hash(PASSWORD)


RUSH = """
import resource, threading
from webapp.adapters import malloc
from webapp.adapters.argon2 import Argon2Hasher, share
malloc.share_blocks()
hasher = Argon2Hasher(2, 19456, 1)
taken = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
before = taken()
rush = [threading.Thread(target=hasher.hash, args=("x" * 12,)) for _ in range(16)]
[each.start() for each in rush]
[each.join() for each in rush]
print(share(), taken() - before)
"""


def test_a_rush_cannot_exhaust_the_memory():
    told = subprocess.run([sys.executable, "-c", RUSH], capture_output=True, text=True, check=True)
    share, taken = map(int, told.stdout.split())
    assert taken < (share + 1) * 19_456, "KiB, though sixteen came at once"


def test_processes_share_the_processors(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)))
    for processes, at_once in (("", 8), ("2", 4), ("3", 2), ("20", 1)):
        monkeypatch.setenv(PROCESSES, processes)
        assert share() == at_once
