"""The whole life of a shared space, in any order, against a small model: letters that ask to join,
agreements and refusals, newer letters that leave, members parted by the mutual, or who close it for
themselves.

Whatever the sequence: nobody is in two spaces, nobody joins without a yes, nobody is lost.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from sqlalchemy import Engine, select, update

from player.databases import empty
from player.members import LUCE, ODILE, RENE, Letter, on_the_roll, with_account
from player.world import NEW_PASSWORD, still_world
from tests.journeys import enter, found, in_waiting, mailed_link, reissued
from tests.shared_spaces import household_is_sound
from webapp.models import Account, JoinedMember, RollEntry
from webapp.rules import lifetimes
from webapp.rules.ranks import Rank
from webapp.rules.refusals import Refusal
from webapp.services.account import erasure
from webapp.services.household import answers, effect, parting
from webapp.services.kernel.work import Work
from webapp.services.registration import confirmation

LETTERS = {each.number: each for each in (ODILE, RENE, LUCE)}
WHO = st.sampled_from(sorted(LETTERS))
SPANS = st.sampled_from([3_601, 86_401, 604_801])


@dataclass
class Known:
    """Where a member is, as the model knows: out, asking, in (the shared space) or apart (in one of
    their own). `until`: when what they asked for is over; `leaves`, `closes`: when they go."""

    at: str = "out"
    until: datetime | None = None
    leaves: datetime | None = None
    closes: datetime | None = None


class LifeTogether(RuleBasedStateMachine):
    """Odile's space, and two others who read the same mailbox."""

    engine: Engine

    def __init__(self) -> None:
        super().__init__()
        empty(self.engine)
        self.world = still_world()
        self.work = Work(self.engine, self.world, "203.0.113.7")
        self.account_id = with_account(self.work)
        for letter in (RENE, LUCE):
            on_the_roll(self.work, letter)
        self.work.settle()
        self.known = {number: Known() for number in LETTERS}
        self.known[ODILE.number].at = "in"

    def teardown(self) -> None:
        self.work.close(commit=False)

    @property
    def now(self) -> datetime:
        return self.world.clock.now()

    @property
    def inside(self) -> list[str]:
        return sorted(number for number, each in self.known.items() if each.at == "in")

    def attempt(self, act: Callable[[], Any]) -> Any:
        """What the deed returned, the refusal's key where there was one."""
        try:
            return act() or True
        except Refusal as refusal:
            return refusal.key
        finally:
            self.work.settle()

    def roll_id(self, number: str) -> int:
        own = select(RollEntry.id).where(RollEntry.number == number)
        found_id = self.work.db.execute(own).scalar_one()
        self.work.settle()
        return found_id

    def confirmed(self, letter: Letter, email: str) -> bool:
        """A newer letter of the mutual's, used with this address up to its confirmation."""
        self.world.clock.advance(hours=1)  # so many mails an hour
        newer = reissued(self.work, letter)
        self.known[letter.number].leaves = None  # an operator's letter stops what waits
        in_waiting(self.work, newer, email=email, password=NEW_PASSWORD)
        link = mailed_link(self.work)
        return self.attempt(lambda: confirmation.by_link(self.work, link)) == "confirmed"

    @rule(span=SPANS)
    def wait(self, span: int) -> None:
        self.world.clock.advance(seconds=span)

    @rule(number=WHO)
    def ask(self, number: str) -> None:
        one = self.known[number]
        if one.at not in ("out", "asking"):
            return
        if self.closes_whole():
            return
        assert self.confirmed(LETTERS[number], ODILE.email)
        one.at, one.until = "asking", self.now + lifetimes.JOIN_REQUEST

    @rule(number=WHO, yes=st.booleans())
    def answer(self, number: str, yes: bool) -> None:
        one, row = self.known[number], self.roll_id(number)
        epoch = self.work.db.execute(
            select(Account.epoch).where(Account.id == self.account_id)
        ).scalar_one()
        whose = {"account_id": self.account_id, "epoch": epoch, "proved_at": self.now}
        session = found(self.work, enter(self.work, Rank.MEMBER, None, **whose))
        act = answers.agree if yes else answers.refuse
        told = self.attempt(lambda: act(self.work, session, row))
        good = one.at == "asking" and one.until is not None and one.until > self.now
        if good and yes and self.closes_whole():
            assert told == "join_closing"
            return
        assert (told == "join_over") == (not good), told
        if good:
            one.at, one.until = ("in" if yes else "out"), None

    @rule(number=WHO)
    def leave(self, number: str) -> None:
        """With a newer letter and another address."""
        if number not in self.inside or len(self.inside) < 3:
            return
        letter = LETTERS[number]
        if self.confirmed(letter, letter.other_email):
            self.known[number].leaves = self.now + lifetimes.TAKEOVER

    @rule()
    def let_departures_take_effect(self) -> None:
        for number in self.inside:
            one = self.known[number]
            if one.leaves and one.leaves <= self.now and len(self.inside) > 1:
                one.at, one.leaves, one.closes = "apart", None, None
        effect.apply_due(self.work)
        self.work.settle()

    @rule(number=WHO)
    def part(self, number: str) -> None:
        if number not in self.inside or len(self.inside) < 2:
            return
        parting.part(self.work, number, reason="à leur demande")
        self.work.settle()
        self.known[number] = Known()

    @rule(number=WHO)
    def close(self, number: str) -> None:
        """For themselves, where others stay."""
        if number not in self.inside or len(self.inside) < 3:
            return
        closing_at, row = self.now + lifetimes.CLOSING, self.roll_id(number)
        for table in (Account, JoinedMember):
            own = update(table).where(table.roll_id == row)
            self.work.db.execute(own.values(closing_at=closing_at))
        self.work.settle()
        self.known[number].closes = closing_at

    @rule()
    def erase(self) -> None:
        due = [each for each in self.inside if (self.known[each].closes or self.later) <= self.now]
        waits = [each for each in due if self.known[each].leaves]
        if len(due) == len(self.inside) or waits:
            return
        erasure.erase_due(self.work)
        self.work.settle()
        for number in due:
            self.known[number] = Known()

    @property
    def later(self) -> datetime:
        return self.now + timedelta(days=1)

    def closes_whole(self) -> bool:
        """Whether the space's first member closes it: nobody joins meanwhile."""
        own = select(Account.closing_at).where(Account.id == self.account_id)
        closing = self.work.db.execute(own).scalar_one()
        self.work.settle()
        return closing is not None

    @invariant()
    def the_space_is_of_whom_the_model_says(self) -> None:
        household_is_sound(self.work)
        first = select(RollEntry.number).join(Account, Account.roll_id == RollEntry.id)
        joined = select(RollEntry.number).join(JoinedMember, JoinedMember.roll_id == RollEntry.id)
        inside = [
            *self.work.db.scalars(first.where(Account.id == self.account_id)),
            *self.work.db.scalars(joined),
        ]
        apart = self.work.db.scalars(first.where(Account.id != self.account_id)).all()
        self.work.settle()
        assert sorted(inside) == self.inside
        assert sorted(apart) == sorted(n for n, each in self.known.items() if each.at == "apart")


def test_whatever_the_order_nobody_is_in_two_spaces_or_lost(shared_sqlite: Engine) -> None:
    class Lived(LifeTogether):
        engine = shared_sqlite

    Lived.TestCase.settings = settings(
        max_examples=100 if os.environ.get("FAULTS") else 20,
        stateful_step_count=25,
        suppress_health_check=list(HealthCheck),
    )
    Lived.TestCase("runTest").runTest()
