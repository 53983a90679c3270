"""Many visitors at the very same moment, each in a thread with a piece of work of its own."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from webapp.rules.refusals import Refusal
from webapp.services.kernel.work import Work

TOGETHER_SECONDS = 60


def at_once(work: Work, many: int, act: Callable[[Work, int], Any]) -> list[Any]:
    """What `act(work, which)` returned in each thread, or the Refusal that it raised.

    All threads wait for one another before they begin; as in the web, a refusal is kept.
    """
    work.settle()
    engine, world, together = work.db.engine, work.world, threading.Barrier(many)

    def alone(which: int) -> Any:
        own = Work(engine, world, work.origin)
        keep = False
        together.wait(TOGETHER_SECONDS)
        try:
            answer = act(own, which)
            keep = True
        except Refusal as refusal:
            answer, keep = refusal, True
        finally:
            own.close(commit=keep)
        return answer

    with ThreadPoolExecutor(many) as threads:
        return list(threads.map(alone, range(many)))


def refusals(answers: list[Any]) -> list[str]:
    """The reasons among the answers, sorted."""
    return sorted(each.key for each in answers if isinstance(each, Refusal))
