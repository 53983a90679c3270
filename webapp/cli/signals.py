"""What tells a command to end: Ctrl+C, a terminal that is closed, `kill`, the stop of a machine.

Python raises at Ctrl+C alone. The others end the process where it stands, and would leave a file
of letters beside its place, or letters in place whose codes were never stored.
"""

import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import FrameType

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class ToldToEnd(KeyboardInterrupt):
    """A command was told to end by another signal than Ctrl+C, `number`."""

    def __init__(self, number: int):
        super().__init__(number)
        self.number = number


def exit_code(ended: KeyboardInterrupt) -> int:
    """How a command ends that was told to, as shells count: 128 and the signal's number."""
    return 128 + (ended.number if isinstance(ended, ToldToEnd) else signal.SIGINT)


@contextmanager
def heard() -> Iterator[None]:
    """While this lasts each of these signals is raised, unless it is ignored (`nohup`)."""
    mine = [each for each in ENDING if signal.getsignal(each) is signal.SIG_DFL]
    with _handled(mine, _end):
        yield


@contextmanager
def unheard() -> Iterator[None]:
    """While this lasts they come too late: nobody could say whether they stopped anything."""
    with _handled(ENDING, signal.SIG_IGN):
        yield


@contextmanager
def _handled(
    signals: Iterable[signal.Signals],
    handler: signal.Handlers | Callable[[int, FrameType | None], None],
) -> Iterator[None]:
    """While this lasts, in the main thread: the others may not ask for it."""
    main = threading.current_thread() is threading.main_thread()
    former = {each: signal.signal(each, handler) for each in signals} if main else {}
    try:
        yield
    finally:
        for each, before in former.items():
            signal.signal(each, before)


@contextmanager
def held() -> Iterator[None]:
    """While this lasts they wait, and are raised at its end: what is made within is known whole to
    who tidies up."""
    former = signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, former)


def _end(number: int, _frame: FrameType | None) -> None:
    # once: a second one, as systemd sends, must not cut the tidying up short
    signal.signal(number, signal.SIG_IGN)
    raise ToldToEnd(number)
