"""A lifetime is said in words that a member reads, and never shorter than it is."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.rules import lifetimes
from webapp.rules.lifetimes import in_words


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (lifetimes.REGISTRATION, "24 heures"),
        (lifetimes.SECURITY_CODE, "5 minutes"),
        (lifetimes.RECOVERY_LINK, "30 minutes"),
        (lifetimes.TRUSTED_DEVICE, "30 jours"),
        (lifetimes.SESSION_IDLE, "30 minutes"),
        (lifetimes.SESSION_WHOLE, "12 heures"),
        (lifetimes.SESSION_WARNING, "2 minutes"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(hours=1), "1 heure"),
        (timedelta(seconds=1), "1 seconde"),
        (timedelta(seconds=90), "2 minutes"),
        (timedelta(seconds=31.2), "32 secondes"),
    ],
)
def test_a_lifetime_is_said_in_its_largest_whole_unit(span, words):
    assert in_words(span) == words.replace(" ", "\u00a0")


@given(st.timedeltas(timedelta(seconds=0.001), timedelta(days=365)))
def test_a_wait_is_never_said_shorter_than_it_is(span):
    units = {"seconde": 1, "minute": 60, "heure": 3600, "jour": 86_400}
    count, unit = in_words(span).split("\u00a0")
    said = int(count) * units[unit.rstrip("s")]
    assert span.total_seconds() <= said < span.total_seconds() + 61


def test_a_session_warns_before_it_ends_and_is_written_more_often_than_that():
    assert lifetimes.SESSION_WARNING < lifetimes.SESSION_IDLE < lifetimes.SESSION_WHOLE
    assert lifetimes.SESSION_TOUCH < lifetimes.SESSION_WARNING
