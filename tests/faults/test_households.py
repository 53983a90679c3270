"""Several letters of one mailbox: nobody learns from a page that the address was known, and two
letters confirmed at once end in one space."""

import random
import re
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from player import members
from player.households import GERARD, joins
from player.members import Letter
from player.world import NEW_PASSWORD
from tests.faults.conftest import ALL, Tell
from tests.faults.portal import Portal, new_letter
from tests.faults.test_timing import ROUNDS, TIMINGS, bare, kolmogorov_smirnov
from tests.faults.visitor import Answer, Visitor, mailed_link
from webapp.models import Account, JoinRequest
from webapp.services.kernel.work import Work

BURSTS = 60 if ALL else 4
EACH = max(TIMINGS // 10, 20)  # letters a state: each is a whole registration


def known_to_nobody(_work: Work, _email: str) -> None:
    pass


def known_to_one(work: Work, email: str) -> None:
    members.with_account(work, replace(new_letter(), email=email), NEW_PASSWORD)


def known_to_two(work: Work, email: str) -> None:
    account_id = members.with_account(work, replace(new_letter(), email=email), NEW_PASSWORD)
    joins(work, account_id, replace(GERARD, letter=replace(new_letter(), email=email)))


KNOWN: dict[str, Callable[[Work, str], None]] = {
    "known to nobody": known_to_nobody,
    "known to one": known_to_one,
    "known to two": known_to_two,
}


def letter_for(town: Portal, state: str) -> Letter:
    """A letter of the roll, and an address in this state."""
    letter = town.member()
    town.do(lambda work: KNOWN[state](work, letter.email))
    return letter


def registered(visitor: Visitor, letter: Letter) -> list[Answer]:
    """Screens 5 to 7, each page and each post."""
    return [
        visitor.prove_letter(letter),
        visitor.get("/inscription/cgu"),
        visitor.post("/inscription/cgu", {"accept": "y"}),
        visitor.get("/inscription/confirmation"),
        visitor.get("/inscription/en-cours"),
    ]


def elsewhere(visitor: Visitor, letter: Letter) -> list[Answer]:
    """In another browser: the password that was typed, a wrong one, a wrong activation code."""
    return [
        visitor.give_password(letter, "ce n’est pas le bon"),
        visitor.give_password(letter),
        visitor.get("/inscription/en-cours"),
        visitor.post("/inscription/en-cours", {"activation_code": "1234567890123"}),
    ]


def said(answers: list[Answer], letter: Letter) -> list[object]:
    """What the answers say, whoever's letter it is."""
    own = re.compile(
        "|".join(map(re.escape, (letter.number, letter.email, letter.email[:1] + "•")))
    )
    told = []
    for answer in answers:
        status, text, headers = bare(answer)
        lines = [line for line in headers if line[0] != "ETag"]  # type: ignore[attr-defined]
        told.append((status, re.sub(r"\d+ (?=seconde)", "", own.sub("…", str(text))), lines))
    return told


def test_every_answer_is_the_same_whoever_the_address_is_known_to(town: Portal) -> None:
    """Until the mail is read: the steps, the pages, the sign-in with the password just typed."""
    told = {}
    for state in KNOWN:
        letter = letter_for(town, state)
        answers = [*registered(Visitor(town), letter), *elsewhere(Visitor(town), letter)]
        told[state] = said(answers, letter)
    assert [each[0] for each in told["known to nobody"]][:3] == [303, 200, 303]
    for state, answers in told.items():
        for number, answer in enumerate(answers):
            assert answer == told["known to nobody"][number], (state, number)


@pytest.mark.long
def test_every_answer_takes_the_same_time_whoever_the_address_is_known_to(
    town: Portal, tell: Tell
) -> None:
    """Medians of the post that writes the mail within 5 ms, KS p > 0.01, in one of three rounds."""
    for number in range(ROUNDS):
        times = _measure(town, seed=number)
        nobody = times.pop("known to nobody")
        apart = {
            state: abs(statistics.median(each) - statistics.median(nobody))
            for state, each in times.items()
        }
        likely = {state: kolmogorov_smirnov(nobody, each) for state, each in times.items()}
        if max(apart.values()) < 0.005 and min(likely.values()) > 0.01:
            break
    each = ", ".join(f"{name} {apart[name] * 1000:.2f} ms p={likely[name]:.2f}" for name in times)
    tell(f"terms accepted, {EACH} letters a state (round {number + 1}): apart {each}")
    assert max(apart.values()) < 0.005
    assert min(likely.values()) > 0.01


def _measure(town: Portal, seed: int) -> dict[str, list[float]]:
    """How long the answer took that wrote the mail, in an order that chance decides."""
    asked = [(state, letter_for(town, state)) for state in KNOWN for _ in range(EACH)]
    random.Random(seed).shuffle(asked)
    times: dict[str, list[float]] = {state: [] for state in KNOWN}
    for number, (state, letter) in enumerate(asked):
        visitor = Visitor(town)
        visitor.prove_letter(letter)
        visitor.get("/inscription/cgu")
        began = time.perf_counter()
        answer = visitor.post("/inscription/cgu", {"accept": "y"})
        if number >= 20:  # warm
            times[state].append(time.perf_counter() - began)
        assert answer.status == 303, answer.status
    return times


def test_two_letters_of_one_new_address_confirmed_at_once_make_one_space_and_one_request(
    town: Portal,
) -> None:
    for _ in range(BURSTS):
        first = town.member()
        second = replace(town.member(), email=first.email)
        before = town.count(Account), town.count(JoinRequest)
        for letter in (first, second):
            Visitor(town).register(letter)
        links = [mailed_link(town, first, many) for many in (1, 2)]
        with ThreadPoolExecutor(2) as threads:
            answers = list(threads.map(lambda link: Visitor(town).confirm(link), links))
        assert {each.status for each in answers} <= {200, 303}
        after = town.count(Account), town.count(JoinRequest)
        assert (after[0] - before[0], after[1] - before[1]) == (1, 1)
