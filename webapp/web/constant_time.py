"""Answers that take the same time whatever was done for them."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

_NEVER = threading.Event()


@contextmanager
def at_least(seconds: float) -> Iterator[None]:
    """Return no sooner than so many seconds after the beginning, be it with an error."""
    end = time.monotonic() + seconds
    try:
        yield
    finally:
        _NEVER.wait(max(0.0, end - time.monotonic()))
