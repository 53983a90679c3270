"""A new beginning beside whatever a stranger is about to open or to change: whatever their order,
nothing that was proved before is worth anything after. Every pair, in bursts of two threads.
"""

import os
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest
from sqlalchemy import Engine

from tests.faults.conftest import ALL
from tests.pairs import judge
from tests.pairs.beginnings import Beginning
from tests.pairs.endings import ENDINGS, Act, Ending
from tests.pairs.judge import Played
from tests.pairs.members import members
from webapp.services.kernel.work import Work
from webapp.services.kernel.world import World

BURSTS = int(os.environ.get("FAULTS_PAIRS", "1000" if ALL else "2"))
STEP_SECONDS, STEPS = 0.0005, 9  # one of the two starts so much later, a little more each time
LEAD_SECONDS = 0.1  # of the owner in the first burst: the ending comes about in one of few, too


@dataclass
class Count:
    """One pair of one database."""

    bursts: int = 0
    ended: int = 0  # the owner came first, or both had their turn
    survivors: Counter[str] = field(default_factory=Counter)
    accidents: Counter[str] = field(default_factory=Counter)


@pytest.fixture(scope="module")
def counts(figures: list[str]) -> Iterator[dict[str, dict[tuple[str, str], Count]]]:
    """Of each database, told in one line at the end; pairs with survivors are named."""
    counted: dict[str, dict[tuple[str, str], Count]] = {}
    yield counted
    for database, of in counted.items():
        bursts = {each.bursts for each in of.values()}
        alive = sum((each.survivors.total() for each in of.values()), 0)
        figures.append(
            f"{database:10} ending × beginning: {len(of)} pairs, {alive} survivors of "
            f"{min(bursts):,} each, the ending came about in {sum(c.ended for c in of.values()):,}"
        )
        for (ending, beginning), each in of.items():
            for found in each.survivors, each.accidents:
                if found:
                    figures.append(f"{database:10} {ending} × {beginning}: {dict(found)}")


def burst(engine: Engine, world: World, lane: list[tuple[int, Played, Act]]) -> None:
    """Each pair of a lane in turn: owner and stranger start together, in two threads."""
    together, pause = threading.Barrier(2), threading.Event()

    def run(who: str) -> None:
        for at, played, act in lane:
            own = Work(engine, world, f"2001:db8::{at:x}")
            late = at % STEPS - STEPS // 2
            together.wait(60)
            if at == 0 and who == "stranger":
                pause.wait(LEAD_SECONDS)
            elif (late > 0) == (who == "owner") and late:
                pause.wait(abs(late) * STEP_SECONDS)
            judge.act(own, played, who, act if who == "owner" else played.ground.act)

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(run, ("owner", "stranger")))


def play(work: Work, ending: Ending, beginning: Beginning, many: int) -> Count:
    """So many bursts of one pair, each at an account of its own."""
    lane = []
    for at, member in enumerate(members(work, many)):
        act = ending(work, member)
        lane.append((at, Played(member, beginning(work, member)), act))
    work.close(commit=True)
    burst(work.db.engine, work.world, lane)
    count = Count(many)
    for _, played, _ in lane:
        count.ended += played.seen is not None
        count.survivors.update(judge.survivors(work, ending, beginning, played))
        count.accidents.update(played.accidents + judge.hindered(beginning, played))
    work.settle()
    return count


@pytest.mark.parametrize("ending", ENDINGS, ids=lambda each: each.__name__)
def test_nothing_proved_before_a_new_beginning_survives_it(
    work: Work, ending: Ending, counts: dict[str, dict[tuple[str, str], Count]]
) -> None:
    of = counts.setdefault(work.db.dialect.name, {})
    for which, beginning in judge.PAIRS:
        if which is ending:
            pair = (ending.__name__, beginning.__name__)
            of[pair] = play(work, ending, beginning, BURSTS)
    mine = {pair: each for pair, each in of.items() if pair[0] == ending.__name__}
    assert not {p: c for p, c in mine.items() if c.survivors or c.accidents or not c.ended}
