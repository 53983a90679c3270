"""A run that was told to end says so, whatever its browser made of it."""

from contextlib import contextmanager

from qa.command import told_to_end
from webapp.cli.signals import ToldToEnd


@contextmanager
def a_browser_that_cannot_be_closed():
    """As Playwright's, when it is cut off in the middle of a call."""
    try:
        yield
    finally:
        raise RuntimeError("this event loop is already running")


def test_the_signal_is_found_behind_what_closing_the_browser_raised() -> None:
    signal = ToldToEnd(15)
    try:
        with a_browser_that_cannot_be_closed():
            raise signal
    except RuntimeError as fault:
        assert told_to_end(fault) is signal
    assert told_to_end(signal) is signal


def test_a_fault_of_ours_stays_one() -> None:
    assert told_to_end(ValueError("nobody was told to end")) is None
