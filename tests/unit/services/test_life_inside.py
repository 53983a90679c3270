"""The whole life of an account, in any order, against a small model: passwords and addresses
changed, recovered and taken back, newer letters, an app, closing.

Whatever the sequence: no former password opens, no session outlives what ends it, no newer letter
takes over before its day or after it was stopped, nothing is erased that was kept.
"""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import Engine, select

from player import mails
from player.databases import empty
from player.mailed_codes import codes_in
from player.members import ODILE, with_account
from player.world import PASSWORD, still_world
from tests.journeys import in_waiting, mailed_link, mailed_stop, reissued
from tests.own_steps import app_code
from webapp.models import Account, Takeover, TermsAcceptance
from webapp.rules import credentials, lifetimes
from webapp.rules.ranks import Member, Rank
from webapp.rules.refusals import Refusal
from webapp.services.account import (
    address,
    address_confirmation,
    address_undo,
    closing,
    erasure,
    password,
    recovery,
    recovery_link,
)
from webapp.services.kernel import sessions
from webapp.services.kernel.work import Work
from webapp.services.registration import confirmation
from webapp.services.sign_in import authenticators, first_factor, mailed_code
from webapp.services.takeover import effect, waiting

AGENT, NUMBER = "Firefox, Linux", credentials.member_number(ODILE.number)
SPANS = st.sampled_from([61, 1801, 3601, 43_201, 86_401, 604_801])
TOO_MANY = ("_closed", "resend_soon", "app_code_used")


@dataclass
class Known:
    """What the model knows: « None » for a password is one that must be chosen anew."""

    email: str = ODILE.email
    password: str | None = PASSWORD
    former: set[str] = field(default_factory=set)
    has_app: bool = False
    closing_at: datetime | None = None
    opens_at: datetime | None = None  # a newer letter's day, while one waits
    stopped: list[str] = field(default_factory=list)
    erased: bool = False


class LifeInside(RuleBasedStateMachine):
    """One member with an account."""

    engine: Engine

    def __init__(self) -> None:
        super().__init__()
        empty(self.engine)
        self.world = still_world()
        self.work = Work(self.engine, self.world, "203.0.113.7")
        with_account(self.work)
        self.work.settle()
        self.mine, self.chosen = Known(), 0
        self.alive: set[str] = set()
        self.dead: set[str] = set()
        self.undo: tuple[str, str] | None = None  # token, former address
        self.stop: str | None = None
        self.newer: tuple[str, str] = ("", "")  # what a waiting newer letter brings

    def teardown(self) -> None:
        self.work.close(commit=False)

    @property
    def now(self) -> datetime:
        return self.world.clock.now()

    def fresh(self) -> int:
        self.chosen += 1
        return self.chosen

    def attempt(self, act: Callable[..., Any], *args: Any, **facts: Any) -> Any:
        """What the deed returned, None when there were too many like it; any other refusal is a
        surprise. Kept either way, as the web does."""
        try:
            return act(self.work, *args, **facts) or True
        except Refusal as refusal:
            assert refusal.key.endswith(TOO_MANY), refusal.key
            return None
        finally:
            self.work.settle()

    def text_of(self, name: str) -> str:
        text = [each.text for each in mails.waiting(self.work) if each.name == name][-1]
        self.work.settle()
        return text

    def session(self) -> Member | None:
        """One that is signed in."""
        live = (sessions.find(self.work, token) for token in sorted(self.alive))
        found = next((each for each in live if each), None)
        self.work.settle()
        return found

    def ended(self, keep: str | None = None) -> None:
        gone = self.alive - {keep}
        self.dead |= gone
        self.alive -= gone

    def moved(self, new: str | None) -> None:
        if self.mine.password:
            self.mine.former.add(self.mine.password)
        self.mine.password = new

    @rule(span=SPANS)
    def wait(self, span: int) -> None:
        self.world.clock.advance(seconds=span)

    def give(self, typed: str) -> Any:
        facts = {"email": self.mine.email, "password": typed, "remember": False, "agent": AGENT}
        browser = {"device_secret": None, "browser": f"{self.fresh()}", "previous": None}
        try:
            return first_factor.password(self.work, **facts, **browser)
        except Refusal as refusal:
            wrong = refusal.key in ("sign_in_wrong", "new_access_waits")
            assert wrong or refusal.key.endswith(TOO_MANY), refusal.key
            return None
        finally:
            self.work.settle()

    @precondition(lambda self: not self.mine.erased)
    @rule()
    def sign_in(self) -> None:
        entered = self.give(self.mine.password or PASSWORD)
        if entered is None:
            return
        assert self.mine.password, "a password that was taken away opened"
        assert entered.rank is Rank.CODE, "one step led into the space"
        session = sessions.find(self.work, entered.token)
        if self.mine.has_app:
            code = app_code(self.work)
            entered = self.attempt(authenticators.enter, session, code=code, agent=AGENT)
        else:
            code = codes_in(self.text_of("security_code"), 6)[0]
            entered = self.attempt(mailed_code.enter, session, code=code, agent=AGENT)
        if entered:
            self.alive.add(entered.token)

    @precondition(lambda self: self.mine.former and not self.mine.erased)
    @rule(data=st.data())
    def try_a_former_password(self, data: st.DataObject) -> None:
        assert self.give(data.draw(st.sampled_from(sorted(self.mine.former)))) is None

    @rule()
    def change_the_password(self) -> None:
        session, new = self.session(), f"une autre phrase {self.fresh()}"
        if session is None:
            return
        if renewed := self.attempt(
            password.change, session, present=self.mine.password, password=new
        ):
            self.ended()
            self.alive = {renewed[0]}
            self.moved(new)

    @precondition(lambda self: not self.mine.erased)
    @rule()
    def recover(self) -> None:
        before, new = len(mails.waiting(self.work)), f"une phrase de secours {self.fresh()}"
        self.attempt(recovery.ask, email=self.mine.email, number=NUMBER)
        if len(mails.waiting(self.work)) == before:
            return
        self.choose(re.search(r"nouveau/(\S+)", self.text_of("recovery"))[1], new)

    def choose(self, token: str, new: str) -> None:
        number = None if self.mine.password else NUMBER
        if self.attempt(recovery_link.choose, token, password=new, number=number):
            self.moved(new)
            self.ended()

    @rule()
    def change_the_address(self) -> None:
        session, new = self.session(), f"adresse{self.fresh()}@example.org"
        if session is None or not self.attempt(
            address.ask, session, email=new, password=self.mine.password
        ):
            return
        code = codes_in(self.text_of("address_change"), 6)[0]
        here = next(t for t in self.alive if sessions.hashed(t) == self.hash_of(session))
        if self.attempt(address_confirmation.by_code, session, code=code):
            token = re.search(r"retablir/(\S+)", self.text_of("address_changed"))[1]
            self.undo = token, self.mine.email
            self.mine.email = new
            self.ended(here)

    def hash_of(self, session: Member) -> bytes:
        table = sessions.StoredSession
        found = self.work.db.execute(select(table.id_hash).where(table.id == session.id)).scalar()
        self.work.settle()
        return bytes(found)

    @precondition(lambda self: self.undo is not None)
    @rule()
    def take_the_address_back(self) -> None:
        token, former = self.undo
        self.undo = None
        ready = address_undo.link_state(self.work, token) == "ready"
        self.work.settle()
        if not ready:
            return
        self.attempt(address_undo.undo, token)
        self.mine.email, self.mine.closing_at = former, None
        self.moved(None)
        self.ended()
        self.mine.has_app = bool(self.apps())
        token = re.search(r"nouveau/(\S+)", self.text_of("password_forced"))[1]
        self.choose(token, f"de nouveau chez moi {self.fresh()}")

    def apps(self) -> list[Any]:
        table = authenticators.Authenticator
        confirmed = select(table.id).where(table.confirmed_at.is_not(None))
        found = list(self.work.db.execute(confirmed).scalars())
        self.work.settle()
        return found

    @precondition(lambda self: not self.mine.has_app)
    @rule()
    def add_an_app(self) -> None:
        session = self.session()
        if session and self.attempt(authenticators.start, session):
            code = app_code(self.work)
            done = self.attempt(authenticators.confirm, session, name="Appli", code=code)
            self.mine.has_app = bool(done)

    @precondition(lambda self: not self.mine.erased)
    @rule()
    def confirm_a_newer_letter(self) -> None:
        newer = reissued(self.work)
        self.mine.opens_at, self.stop = None, None
        new = f"courrier{self.fresh()}@example.org", f"quatre mots bien choisis {self.chosen}"
        try:
            in_waiting(self.work, newer, email=new[0], password=new[1])
        except Refusal as refusal:
            self.work.settle()
            assert refusal.key.endswith(TOO_MANY), refusal.key
            return
        assert self.attempt(confirmation.by_link, mailed_link(self.work)) == "confirmed"
        self.newer, self.stop = new, mailed_stop(self.work)
        self.mine.opens_at = self.now + lifetimes.TAKEOVER
        self.work.settle()

    @precondition(lambda self: self.stop is not None)
    @rule()
    def stop_the_newer_letter(self) -> None:
        self.attempt(waiting.stop, self.stop)
        if self.mine.opens_at:
            self.mine.stopped.append(self.newer[0])
        self.mine.opens_at = None

    @rule()
    def let_newer_letters_take_effect(self) -> None:
        due = self.mine.opens_at is not None and self.now >= self.mine.opens_at
        applied = effect.apply_due(self.work)
        self.work.settle()
        assert applied == due, "before its day, after a stop, or not at all"
        if due:
            self.moved(self.newer[1])
            self.mine.email, self.mine.opens_at = self.newer[0], None
            self.mine.has_app, self.mine.closing_at, self.undo = False, None, None
            self.ended()

    @precondition(lambda self: self.mine.closing_at is None)
    @rule()
    def close(self) -> None:
        session = self.session()
        if session is None or not (
            asked := self.attempt(closing.ask, session, password=self.mine.password)
        ):
            return
        here = next(t for t in self.alive if sessions.hashed(t) == self.hash_of(session))
        code = codes_in(self.text_of("closing_code"), 6)[0]
        if self.attempt(closing.confirm, asked, code=code):
            self.mine.closing_at = self.now + lifetimes.CLOSING
            self.ended(here)

    @precondition(lambda self: self.mine.closing_at is not None)
    @rule()
    def keep(self) -> None:
        if session := self.session():
            assert closing.cancel(self.work, session)
            self.work.settle()
            self.mine.closing_at = None

    @rule()
    def erase(self) -> None:
        over = self.mine.closing_at is not None and self.now >= self.mine.closing_at
        erased = erasure.erase_due(self.work)
        self.work.settle()
        assert erased == (over and self.mine.opens_at is None), "erased too soon, or a kept one"
        if erased:
            self.mine = Known(erased=True)
            self.undo = self.stop = None
            self.ended()

    @invariant()
    def the_account_is_what_the_model_says(self) -> None:
        accounts = self.work.db.execute(select(Account.__table__)).all()
        proofs = self.work.db.execute(select(TermsAcceptance.account_id)).scalars().all()
        waits = select(Takeover.id).where(Takeover.state == "waiting")
        rows = self.work.db.execute(waits).all()
        self.work.settle()
        assert len(accounts) == (not self.mine.erased)
        assert len(rows) == (self.mine.opens_at is not None)
        for account in accounts:
            assert account.email == self.mine.email and account.id in proofs
            assert account.email not in self.mine.stopped
            assert account.closing_at == self.mine.closing_at
            assert bool(account.password_hash) == bool(self.mine.password)

    @invariant()
    def what_ended_a_session_ended_it(self) -> None:
        left = [token for token in self.dead if sessions.find(self.work, token)]
        self.work.settle()
        assert not left, "a session outlived what ends it"


def test_whatever_the_order_the_account_is_its_member_s(
    shared_sqlite: Engine,
) -> None:
    class Lived(LifeInside):
        engine = shared_sqlite

    Lived.TestCase.settings = settings(
        max_examples=100 if os.environ.get("FAULTS") else 25,
        stateful_step_count=25,
        suppress_health_check=list(HealthCheck),
    )
    Lived.TestCase("runTest").runTest()
