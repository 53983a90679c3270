"""The whole life of a letter, in any order, in two browsers, against a small model.

Whatever the sequence: nobody signs in without both steps, no sixth try is compared, no
registration that was accepted is lost.
"""

import os
from dataclasses import dataclass, field
from datetime import datetime

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import Engine, func, select

from player.databases import empty
from player.members import ODILE, on_the_roll
from player.world import still_world
from tests.journeys import PASSWORD, code_in_mail, mailed_link, wrong
from webapp.models import Account, JournalEntry, OutboxMail, StoredSession, TermsAcceptance
from webapp.rules import lifetimes, limits
from webapp.rules.ranks import Rank, Session
from webapp.rules.refusals import Refusal
from webapp.services.kernel import sessions
from webapp.services.kernel.work import Work
from webapp.services.registration import confirmation, drafts, pending
from webapp.services.sign_in import first_factor, mailed_code

BROWSERS = st.sampled_from(["phone", "computer"])
SPANS = st.sampled_from([1, 61, 299, 301, 1801, 3601, 86_401])


@dataclass
class Browser:
    """What a browser holds, and what the model knows of its sign-in."""

    token: str | None = None
    codes: dict[str, datetime] = field(default_factory=dict)  # code: until when it lives
    compared: int = 0
    password_given: bool = False


class Life(RuleBasedStateMachine):
    """One member, one letter, two browsers."""

    engine: Engine

    def __init__(self) -> None:
        super().__init__()
        empty(self.engine)
        self.world = still_world()
        self.work = Work(self.engine, self.world, "203.0.113.7")
        on_the_roll(self.work)
        self.work.settle()
        self.browsers = {name: Browser() for name in ("phone", "computer")}
        self.link: str | None = None
        self.link_ends: datetime | None = None
        self.confirmed = False

    def teardown(self) -> None:
        self.work.close(commit=False)

    @property
    def now(self) -> datetime:
        return self.world.clock.now()

    def session(self, name: str) -> Session | None:
        token = self.browsers[name].token
        found = sessions.find(self.work, token) if token else None
        self.work.settle()
        return found

    def mails(self) -> int:
        count = self.work.db.execute(select(func.count()).select_from(OutboxMail)).scalar_one()
        self.work.settle()
        return int(count)

    def attempt(self, act) -> tuple[object, str]:
        """What a deed returned, or the key of its refusal; kept either way, as the web does."""
        try:
            return act(), ""
        except Refusal as refusal:
            return None, refusal.key
        finally:
            self.work.settle()

    @rule(span=SPANS)
    def wait(self, span: int) -> None:
        self.world.clock.advance(seconds=span)

    @rule(name=BROWSERS)
    def register(self, name: str) -> None:
        before = self.mails()
        facts = {"number": ODILE.number, "access_code": ODILE.access_code, "email": ODILE.email}
        drafted, refusal = self.attempt(
            lambda: drafts.write(self.work, **facts, password=PASSWORD, previous=self.session(name))
        )
        if drafted is None:
            assert refusal == "registration_done" if self.confirmed else refusal == "letter_closed"
            return
        assert not self.confirmed, "a letter that was used served again"
        self.browsers[name] = Browser(token=drafted[0])
        mine = self.session(name)
        _, refusal = self.attempt(lambda: pending.accept_terms(self.work, mine.registration_id))
        if refusal:
            assert refusal == "mail_closed"
            return
        assert self.mails() == before + 1, "accepted, and no mail written"
        self.link, self.link_ends = mailed_link(self.work), self.now + lifetimes.REGISTRATION
        self.work.settle()

    @precondition(lambda self: self.link is not None and not self.confirmed)
    @rule(name=BROWSERS)
    def resend_the_link(self, name: str) -> None:
        mine, before = self.session(name), self.mails()
        if mine is None or mine.registration_id is None:
            return
        _, refusal = self.attempt(lambda: pending.resend(self.work, mine.registration_id))
        assert self.mails() == before + (refusal == "")
        if not refusal:
            self.link, self.link_ends = mailed_link(self.work), self.now + lifetimes.REGISTRATION
            self.work.settle()

    @precondition(lambda self: self.link is not None)
    @rule()
    def press_the_link(self) -> None:
        state, _ = self.attempt(lambda: confirmation.by_link(self.work, self.link))
        if not self.confirmed:
            lives = self.now < self.link_ends
            assert state == ("confirmed" if lives else "over"), "a registration was lost"
            self.confirmed = lives
            self.link = self.link if lives else None
        else:
            assert state in ("confirmed", "over")

    @rule(name=BROWSERS, right=st.booleans())
    def give_the_password(self, name: str, right: bool) -> None:
        before = self.mails()
        entered, refusal = self.attempt(
            lambda: first_factor.password(
                self.work,
                email=ODILE.email,
                password=PASSWORD if right else "un mot de passe qui est faux",
                remember=False,
                device_secret=None,
                browser=name,
                agent="Firefox, Linux",
                previous=self.session(name),
            )
        )
        if entered is None:
            assert refusal in ("sign_in_wrong", "password_closed", "mail_closed", "origin_closed")
            return
        assert right, "a wrong password led on"
        assert entered.rank in (Rank.CODE, Rank.WAITING), "one step led into the space"
        browser = self.browsers[name]
        if entered.token != browser.token:
            ended = Browser(token=entered.token, password_given=True)
            self.browsers[name] = browser = ended
        browser.password_given = True
        if entered.rank is Rank.CODE and self.mails() > before:
            if not self.session(name).codes.count(" ") > 1:
                browser.codes, browser.compared = {}, 0
            browser.codes[code_in_mail(self.work)] = self.now + lifetimes.SECURITY_CODE
            self.work.settle()

    @rule(name=BROWSERS)
    def ask_for_another_code(self, name: str) -> None:
        mine, before = self.session(name), self.mails()
        if mine is None or mine.rank is not Rank.CODE:
            return
        _, refusal = self.attempt(lambda: mailed_code.resend(self.work, mine))
        assert self.mails() == before + (refusal == "")
        if not refusal:
            code = code_in_mail(self.work)
            self.browsers[name].codes[code] = self.now + lifetimes.SECURITY_CODE
            self.work.settle()

    @rule(name=BROWSERS, kind=st.sampled_from(["right", "wrong", "foreign", "former"]))
    def type_a_code(self, name: str, kind: str) -> None:
        mine, browser = self.session(name), self.browsers[name]
        if mine is None or mine.rank is not Rank.CODE:
            return
        other = self.browsers["phone" if name == "computer" else "computer"]
        pool = {"foreign": other.codes, "right": browser.codes}.get(kind, browser.codes)
        if not pool:
            return
        code = list(pool)[0 if kind == "former" else -1]
        typed = wrong(code, browser.compared + 1) if kind == "wrong" else code
        refused = self.events("sign_in.code_refused")
        entered, refusal = self.attempt(
            lambda: mailed_code.enter(self.work, mine, code=typed, agent="Firefox, Linux")
        )
        browser.compared += self.events("sign_in.code_refused") - refused
        assert browser.compared <= limits.CODE_TRIES, "a sixth try was compared"
        lives = typed in browser.codes and browser.codes[typed] > self.now
        if entered is not None:
            assert lives, "a code that is not this sign-in's, or not any more, opened the space"
            assert browser.password_given and self.confirmed
            self.browsers[name] = Browser(token=entered.token)
        elif lives:
            assert refusal in ("code_closed", "origin_closed", "code_over"), refusal
        if refusal == "code_spent":
            assert browser.compared == limits.CODE_TRIES

    @rule(name=BROWSERS)
    def leave(self, name: str) -> None:
        mine = self.session(name)
        if mine is not None:
            sessions.end(self.work, mine)
            self.work.settle()
            assert self.session(name) is None
        self.browsers[name] = Browser()

    def events(self, event: str) -> int:
        query = select(func.count()).where(JournalEntry.event == event)
        count = self.work.db.execute(query).scalar_one()
        self.work.settle()
        return int(count)

    @invariant()
    def as_many_accounts_as_proofs_and_one_at_most(self) -> None:
        accounts, proofs, members = (
            self.work.db.execute(select(func.count()).select_from(table).where(*so)).scalar_one()
            for table, so in (
                (Account, ()),
                (TermsAcceptance, ()),
                (StoredSession, (StoredSession.rank == Rank.MEMBER,)),
            )
        )
        self.work.settle()
        assert accounts == proofs == int(self.confirmed)
        assert members <= self.events("sign_in.done")

    @invariant()
    def a_member_s_session_came_through_both_steps(self) -> None:
        if self.events("sign_in.done"):
            assert self.events("sign_in.password_accepted") >= self.events("sign_in.done")


def test_whatever_the_order_nobody_is_let_in_and_nothing_is_lost(
    shared_sqlite: Engine,
) -> None:
    class Lived(Life):
        engine = shared_sqlite

    Lived.TestCase.settings = settings(
        max_examples=100 if os.environ.get("FAULTS") else 40,
        stateful_step_count=20,
        suppress_health_check=list(HealthCheck),
    )
    Lived.TestCase("runTest").runTest()
