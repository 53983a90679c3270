"""One of the two is stopped before each of its statements in turn, and the other runs whole."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event

from tests.pairs import judge
from tests.pairs.beginnings import Beginning
from tests.pairs.endings import Ending
from tests.pairs.judge import Played
from tests.pairs.members import members
from webapp.services.kernel.work import Work

PATIENCE = 20  # seconds, for what takes milliseconds
BLOCKED = 0.08  # who is not through by then waits for the one who is stopped, who goes on


class Stop:
    """Lets its thread run up to its `at`-th statement, and on when `go` is set."""

    def __init__(self, at: int):
        self.at, self.passed = at, 0
        self.thread: int | None = None
        self.reached, self.go, self.over = (threading.Event() for _ in range(3))

    def look(self, *_: Any) -> None:
        """Called before each statement and commit, in whatever thread."""
        if threading.get_ident() != self.thread:
            return
        self.passed += 1
        if self.passed == self.at:
            self.reached.set()
            assert self.go.wait(PATIENCE)


@contextmanager
def stops(engine: Engine) -> Iterator[list[Stop]]:
    """Whatever stands in the list looks at each statement. On SQLite writers go one after the
    other from the beginning of a transaction to its end: they are stopped at its two ends."""
    listed: list[Stop] = []

    def look(*_: Any) -> None:
        for each in listed:
            each.look()

    within = "begin" if engine.dialect.name == "sqlite" else "before_cursor_execute"
    for name in within, "commit":
        event.listen(engine, name, look, insert=True)
    try:
        yield listed
    finally:
        for name in within, "commit":
            event.remove(engine, name, look)


def play(work: Work, ending: Ending, beginning: Beginning, stopped: str) -> list[str]:
    """Every interleaving of a pair in which `stopped` (« owner » or « stranger ») waits at one
    place; what went wrong, each with its place."""
    wrong: list[str] = []
    with stops(work.db.engine) as listed:
        at, passed = 0, 1
        while passed > at:
            at += 1
            stop = Stop(at)
            listed[:] = [stop]
            found = _once(work, ending, beginning, stopped, stop)
            wrong += [f"{stopped} stopped at {at}: {each}" for each in found]
            passed = stop.passed
    return wrong


def _once(work: Work, ending: Ending, beginning: Beginning, stopped: str, stop: Stop) -> list[str]:
    (member,) = members(work, 1)
    owner_s = ending(work, member)
    played = Played(member, beginning(work, member))
    acts: dict[str, Callable[[Work], object]] = {"owner": owner_s, "stranger": played.ground.act}
    work.close(commit=True)
    other = next(each for each in acts if each != stopped)

    def run(who: str) -> None:
        own = Work(work.db.engine, work.world, f"2001:db8::{member.account_id:x}")
        if who == stopped:
            stop.thread = threading.get_ident()
        judge.act(own, played, who, acts[who])
        if who == stopped:
            stop.over.set()
            stop.reached.set()  # there were fewer statements

    first, second = (threading.Thread(target=run, args=(who,)) for who in (stopped, other))
    first.start()
    assert stop.reached.wait(PATIENCE)
    second.start()
    second.join(BLOCKED)
    stop.go.set()
    for each in first, second:
        each.join(PATIENCE)
        assert not each.is_alive()
    found = judge.survivors(work, ending, beginning, played)
    found += played.accidents + judge.hindered(beginning, played)
    work.settle()
    return found
