"""Seven states of an address: nobody tells them apart by what a wrong password is answered, nor by
the time, although the operator has changed ARGON2_* and one space has the former hash."""

import random
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert, update

from player import members
from player.households import GERARD, joins
from player.members import Letter
from player.world import NEW_PASSWORD
from tests.faults.conftest import NewPortal, Tell
from tests.faults.portal import Portal, new_letter
from tests.faults.test_timing import ROUNDS, TIMINGS, bare, kolmogorov_smirnov, sign_in
from tests.faults.visitor import Visitor
from webapp.adapters.argon2 import Argon2Hasher
from webapp.models import Account, HashSettings, OutboxMail, Registration, Takeover
from webapp.services.kernel import password_tags
from webapp.services.kernel.work import Work

FORMER = Argon2Hasher(1, 4096, 1)  # some milliseconds; today's are a few hundredths of one
EACH = max(TIMINGS // 3, 20)  # answers timed a state


def _terms(work: Work) -> dict[str, object]:
    terms = work.world.terms
    return {
        "terms_version": terms.version,
        "terms_hash": terms.text_hash,
        "terms_at": work.now,
        "terms_origin": "127.0.0.1",
        "created_at": work.now,
    }


def _chosen(work: Work, roll_id: int, letter: Letter) -> dict[str, object]:
    """What somebody with a letter of their own chose: this address, a password of theirs."""
    return {
        "id": work.world.chance.row_id(),
        "state": "waiting",
        "email": letter.email,
        "email_key": letter.email,
        "password_hash": work.world.hasher.hash(NEW_PASSWORD),
        "password_tag": password_tags.of(work, roll_id, NEW_PASSWORD),
    }


def space(work: Work, letter: Letter) -> None:
    members.with_account(work, letter)


def waiting(work: Work, letter: Letter) -> None:
    roll_id = members.on_the_roll(work, new_letter())
    more = {
        "roll_id": roll_id,
        "link_id": work.world.chance.row_id(),
        "codes": "",
        "expires_at": work.now + timedelta(days=1),
    }
    work.db.execute(
        insert(Registration).values(**_chosen(work, roll_id, letter), **_terms(work), **more)
    )


def both(work: Work, letter: Letter) -> None:
    space(work, letter)
    waiting(work, letter)


def takeover(work: Work, letter: Letter) -> None:
    account_id = members.with_account(work, new_letter())
    roll_id = work.db.execute(
        Account.__table__.select().where(Account.id == account_id)
    ).one().roll_id  # fmt: skip
    more = {"account_id": account_id, "effective_at": work.now + timedelta(days=1)}
    work.db.execute(
        insert(Takeover).values(**_chosen(work, roll_id, letter), **_terms(work), **more)
    )


def shared(work: Work, letter: Letter) -> None:
    """Known to two: a space of several."""
    account_id = members.with_account(work, letter)
    spouse = new_letter()
    joins(work, account_id, replace(GERARD, letter=replace(spouse, email=letter.email)))


def former_hash(work: Work, letter: Letter) -> None:
    account_id = members.with_account(work, letter)
    hashed = update(Account).where(Account.id == account_id)
    work.db.execute(hashed.values(password_hash=FORMER.hash("un mot de passe d’avant")))


STATES: dict[str, Callable[[Work, Letter], None]] = {
    "unknown": lambda _work, _letter: None,
    "space": space,
    "waiting": waiting,
    "waiting and space": both,
    "takeover": takeover,
    "space of two": shared,
    "former hash": former_hash,
}


@pytest.fixture
def changed(own_portal: NewPortal) -> Portal:
    """A portal whose ARGON2_* were others: what the migration, or its former start, noted."""
    portal = own_portal()
    noted = insert(HashSettings).values(settings=FORMER.settings, since=portal.world.clock.now())
    portal.do(lambda work: work.db.execute(noted))
    portal.first.start()
    return portal


def people(portal: Portal, many: int) -> dict[str, list[Letter]]:
    """So many addresses in each state."""
    made: dict[str, list[Letter]] = {state: [new_letter() for _ in range(many)] for state in STATES}

    def put(work: Work) -> None:
        for state, letters in made.items():
            for letter in letters:
                STATES[state](work, letter)

    portal.do(put)
    return made


def test_seven_states_of_an_address_get_the_same_answer(changed: Portal) -> None:
    """Status, headers, words, waits and mails, up to the closed door and after it."""
    told = {}
    for state, (letter,) in people(changed, 1).items():
        visitor = Visitor(changed)
        visitor.get("/connexion")
        answers = [bare(sign_in(visitor, letter)) for _ in range(7)]
        # the closed door says how long: a second more or less has passed
        told[state] = [(each[0], each[2]) if each[0] == 429 else each for each in answers]
    assert changed.count(OutboxMail) == 0
    assert [each[0] for each in told["unknown"]] == [422] * 5 + [429] * 2
    for state, answers in told.items():
        assert answers == told["unknown"], state


@pytest.mark.long
def test_seven_states_of_an_address_take_the_same_time(changed: Portal, tell: Tell) -> None:
    """Medians within 5 ms of an unknown address’s, and KS p > 0.01, in one of three
    rounds: a difference shows in all."""
    for number in range(ROUNDS):
        times = measure(changed, seed=number)
        unknown = times.pop("unknown")
        middle = statistics.median(unknown)
        apart = {name: abs(statistics.median(each) - middle) for name, each in times.items()}
        likely = {name: kolmogorov_smirnov(unknown, each) for name, each in times.items()}
        if max(apart.values()) < 0.005 and min(likely.values()) > 0.01:
            break
    said = ", ".join(f"{name} {apart[name] * 1000:.2f} ms p={likely[name]:.2f}" for name in times)
    tell(
        f"seven states of an address, {EACH} wrong passwords each (round {number + 1}): "
        f"median {middle * 1000:.1f} ms; apart: {said}"
    )
    assert max(apart.values()) < 0.005
    assert min(likely.values()) > 0.01


def measure(portal: Portal, seed: int) -> dict[str, list[float]]:
    """The times of each state's answers, in an order that chance decides."""
    asked = [
        (state, letter)
        for state, letters in people(portal, EACH // 2 + 4).items()
        for letter in letters * 2
    ]
    random.Random(seed).shuffle(asked)
    visitor, times = Visitor(portal), {state: [] for state in STATES}
    visitor.get("/connexion")
    for number, (state, letter) in enumerate(asked):
        visitor.address = Visitor(portal).address
        began = time.perf_counter()
        answer = sign_in(visitor, letter)
        if number >= 40:  # warm
            times[state].append(time.perf_counter() - began)
        assert answer.status == 422, answer.status
    return times
