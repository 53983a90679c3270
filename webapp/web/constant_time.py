"""Constant time: an answer takes equally long whatever was done for it."""

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
