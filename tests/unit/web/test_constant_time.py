"""An answer takes its time, whatever was done for it."""

import time

import pytest

from webapp.web.constant_time import at_least


def seconds_of(act) -> float:
    began = time.monotonic()
    with pytest.raises(ZeroDivisionError), at_least(0.05):
        act()
        raise ZeroDivisionError
    return time.monotonic() - began


def test_nothing_to_do_takes_as_long_as_something() -> None:
    assert seconds_of(lambda: None) >= 0.05
    assert 0.05 <= seconds_of(lambda: time.sleep(0.02)) < 0.07 + 0.05


def test_what_takes_longer_waits_no_more() -> None:
    assert 0.1 <= seconds_of(lambda: time.sleep(0.1)) < 0.15
