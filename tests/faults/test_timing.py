"""Nobody learns from an answer, nor from its time, who has an account."""

import math
import os
import random
import re
import statistics
import time
from collections.abc import Callable

import pytest

from player.members import Letter
from tests.faults.conftest import Tell
from tests.faults.portal import Portal, new_letter
from tests.faults.visitor import Answer, Visitor, about_me

TIMINGS = int(os.environ.get("FAULTS_TIMINGS") or 2000)
ROUNDS = 3
Ask = Callable[[Visitor, Letter], Answer]


def kolmogorov_smirnov(one: list[float], other: list[float]) -> float:
    """The p-value of the two-sample test (asymptotic, good from some dozens on)."""
    values = sorted({*one, *other})
    first, second, at, to, gap = sorted(one), sorted(other), 0, 0, 0.0
    for value in values:
        while at < len(first) and first[at] <= value:
            at += 1
        while to < len(second) and second[to] <= value:
            to += 1
        gap = max(gap, abs(at / len(first) - to / len(second)))
    size = math.sqrt(len(first) * len(second) / (len(first) + len(second)))
    scaled = (size + 0.12 + 0.11 / size) * gap
    terms = (2 * (-1) ** (k - 1) * math.exp(-2 * (k * scaled) ** 2) for k in range(1, 101))
    return max(0.0, min(1.0, sum(terms))) if scaled > 0.2 else 1.0


def test_the_test_itself_tells_apart_what_differs() -> None:
    chance = random.Random(1)
    same = [[chance.gauss(10, 1) for _ in range(500)] for _ in range(2)]
    later = [each + 0.5 for each in same[0]]
    assert kolmogorov_smirnov(*same) > 0.01
    assert kolmogorov_smirnov(same[0], later) < 0.001


def sign_in(visitor: Visitor, member: Letter) -> Answer:
    return visitor.post("/connexion", {"email": member.email, "password": "ce n’est pas le bon"})


def recover(visitor: Visitor, member: Letter) -> Answer:
    return visitor.post("/mot-de-passe-oublie", {"email": member.email, "number": member.number})


def register(visitor: Visitor, member: Letter) -> Answer:
    return visitor.post("/inscription", about_me(member, access_code="AAAA-AAAA-AAAA"))


DOORS: dict[str, tuple[Ask, str]] = {
    "connexion": (sign_in, "/connexion"),
    "mot-de-passe-oublie": (recover, "/mot-de-passe-oublie"),
    "inscription": (register, "/inscription"),
}


def bare(answer: Answer) -> tuple[object, ...]:
    """What an answer says, without its tokens and what was typed."""
    text = re.sub(r'(?:value|data-passkey)="[^"]*"', "", answer.text)
    kept = {k: v for k, v in answer.headers.items() if k != "Date"}
    kept.pop("Set-Cookie", None), kept.pop("Content-Length", None)
    return answer.status, text, sorted(kept.items())


@pytest.mark.parametrize("door", DOORS)
def test_known_and_unknown_get_the_same_answer(town: Portal, door: str) -> None:
    """S17: status, headers and words."""
    ask, page = DOORS[door]
    known, unknown = _people(town, door, 1)
    answers = []
    for member in (known[0], unknown[0]):
        visitor = Visitor(town)
        visitor.get(page)
        answers.append(bare(ask(visitor, member)))
    assert answers[0] == answers[1]


@pytest.mark.long
@pytest.mark.parametrize("door", DOORS)
def test_known_and_unknown_take_the_same_time(town: Portal, door: str, tell: Tell) -> None:
    """S17, figure: medians within 5 ms and KS p > 0.01.

    One round in a hundred falls below 0.01 by chance alone: a difference must show in all three.
    """
    rounds = []
    for number in range(ROUNDS):
        times = _measure(town, door, seed=number)
        p = kolmogorov_smirnov(*times)
        apart = abs(statistics.median(times[0]) - statistics.median(times[1]))
        rounds.append((apart, p))
        if apart < 0.005 and p > 0.01:
            break
    apart, p = rounds[-1]
    tell(
        f"{door}: known and unknown, 2 x {TIMINGS}: medians {apart * 1000:.2f} ms apart, "
        f"KS p = {p:.3f} (round {len(rounds)})"
    )
    assert apart < 0.005
    assert p > 0.01


def _people(town: Portal, door: str, many: int) -> tuple[list[Letter], list[Letter]]:
    """So many that the portal knows, so many that it does not."""
    known = [town.member(account=door != "inscription") for _ in range(many)]
    return known, [new_letter() for _ in range(many)]


def _measure(town: Portal, door: str, seed: int) -> tuple[list[float], list[float]]:
    """Times of both, in an order that chance decides, each person asked for once or twice."""
    ask, page = DOORS[door]
    known, unknown = _people(town, door, TIMINGS // 2 + 10)
    asked = [(0, each) for each in known] * 2 + [(1, each) for each in unknown] * 2
    random.Random(seed).shuffle(asked)
    visitor, times = Visitor(town), ([], [])
    visitor.get(page)
    for number, (which, member) in enumerate(asked):
        visitor.address = Visitor(town).address
        began = time.perf_counter()
        answer = ask(visitor, member)
        if number >= 40:  # warm
            times[which].append(time.perf_counter() - began)
        assert answer.status in (303, 200, 422), answer.status
    return times
