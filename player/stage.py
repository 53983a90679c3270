"""The stage: the portal in the test's own process, its real sender, a mail server, a clock."""

import io
import socket
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from playwright.sync_api import BrowserContext
from sqlalchemy import Engine, select, update
from werkzeug.serving import WSGIRequestHandler, make_server

from player import households, members
from player.households import GERARD
from player.members import ODILE, Letter
from player.post_office import PostOffice
from player.screens.mailbox import CONFIRMATION
from player.world import PASSWORD, StillClock, test_settings
from webapp import create_app
from webapp.adapters.mail_templates import JinjaMailTemplates
from webapp.adapters.world import mail_environment, real_world
from webapp.models import Account, OutboxMail, RollEntry
from webapp.rules.ranks import Registering
from webapp.services.kernel.work import Work
from webapp.services.kernel.world import Chance
from webapp.services.letters import batches, posting
from webapp.services.letters.batches import Maker
from webapp.services.letters.reissue import reissue
from webapp.services.registration import confirmation, drafts, pending
from webapp.services.sign_in import devices, finish
from webapp.services.space import retention
from webapp.web.user_agent import agent_name

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

MAIL_ENVIRONMENT = mail_environment()  # compiled once for all stages
PATIENCE = 10.0  # seconds: how long a condition may take on a slow machine


class MovingClock:
    """The machine's clock, moved forward by the test."""

    def __init__(self) -> None:
        self._ahead = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def advance(self, **span: float) -> None:
        """`advance(minutes=5)`: any of timedelta's arguments."""
        self._ahead += timedelta(**span)


class _Quiet(WSGIRequestHandler):
    """HTTP/1.1, no access log; a connection that a browser opens and never uses is given up."""

    protocol_version = "HTTP/1.1"
    timeout = 30

    def log(self, *_args: object) -> None:
        """Say nothing."""


class Stage:
    """A portal of its own for one test. Use as a context manager.

    `clock`, `chance` and the `site` that mails name stand in for the real ones.
    """

    def __init__(
        self,
        engine: Engine,
        host: str = "127.0.0.1",
        *,
        clock: MovingClock | StillClock | None = None,
        chance: Chance | None = None,
        site: str = "",
    ):
        self.engine, self.clock, self.post_office = engine, clock or MovingClock(), PostOffice()
        self._socket = socket.create_server(("127.0.0.1", 0))
        port = self._socket.getsockname()[1]
        self.url = f"http://{host}:{port}"
        settings = test_settings(public_url=self.url, mail_port=self.post_office.port)
        mails = JinjaMailTemplates(MAIL_ENVIRONMENT, site or self.url)
        world = real_world(settings, clock=self.clock, chance=chance)
        self.world = replace(world, mails=mails)
        self.app = create_app(settings, self.world, engine)
        self.sender = self.app.extensions["portal_sender"]
        self._busy, self._change = 0, threading.Condition()
        self._server = make_server(
            "127.0.0.1", port, self._counted, threaded=True, request_handler=_Quiet,
            fd=self._socket.fileno(),
        )  # fmt: skip
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    def __enter__(self) -> "Stage":
        self.post_office.open()
        self.sender.start()
        self._thread.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self.leaves()
        self.sender.stop()
        self.post_office.close()

    def leaves(self) -> None:
        """The portal can't be reached any more. Twice is once."""
        self._server.shutdown()
        self._thread.join(PATIENCE)
        self._server.server_close()
        self._socket.close()

    def sends_letter_to(self, letter: Letter = ODILE) -> None:
        """The mutual has sent its paper letter: the member is on the roll."""
        self._write(lambda work: members.on_the_roll(work, letter))

    def sends_letter_beside(self, letter: Letter = ODILE) -> Letter:
        """The mutual has sent a letter to somebody else who reads this member's mailbox."""
        beside = replace(GERARD, letter=replace(GERARD.letter, email=letter.email))
        self._write(lambda work: households.on_the_roll(work, beside))
        return beside.letter

    def has_account_of(self, letter: Letter = ODILE, password: str = PASSWORD) -> None:
        """The member has registered some time ago."""
        self._write(lambda work: members.with_account(work, letter, password))

    def says(self, status: str, letter: Letter = ODILE) -> None:
        """The roll says from now on that the member left, died, or is active again."""
        self._write(lambda work: members.becomes(work, status, letter))

    def has_older_terms(self, letter: Letter = ODILE) -> None:
        """The terms changed since this member accepted them."""
        older = update(Account).where(Account.email_key == letter.email)
        self._write(lambda work: work.db.execute(older.values(terms_version="2025-01")))

    def lets_in(
        self, browser: BrowserContext, letter: Letter = ODILE, *, remember: bool = False
    ) -> None:
        """Both steps of a sign-in are done on this browser, as the services do them."""
        agent = self._agent_of(browser)
        held: dict[str, str] = {}

        def enter(work: Work) -> None:
            columns = Account.id.label("account_id"), Account.email, Account.epoch, Account.joined
            own = select(*columns, Account.roll_id, Account.terms_version, RollEntry.status)
            whose = own.join(RollEntry, RollEntry.id == Account.roll_id)
            row = work.db.execute(whose.where(Account.email_key == letter.email)).one()
            device_id, secret = None, None
            if remember:
                device_id, secret = devices.remember(work, row.account_id, agent, row.epoch)
            entered = finish.straight(work, row, None, by="code", agent=agent, device_id=device_id)
            held["session"] = f"s.{entered.token}"
            if secret:
                held["device"] = secret

        self._write(enter)
        self._gives(browser, held)

    def registers(self, browser: BrowserContext, letter: Letter, password: str) -> None:
        """Screens 5 and 6 are done on this browser, as the services do them."""
        self._gives(browser, {"session": self._registers(letter, password)})

    def has_registered(self, letter: Letter = ODILE, password: str = PASSWORD) -> None:
        """The member registered elsewhere and has not pressed the mailed link yet."""
        self._registers(letter, password)

    def takes_over(self, letter: Letter, password: str) -> None:
        """This newer letter was used and confirmed elsewhere: its access opens in a day."""
        self._registers(letter, password)
        token = self.post_office.wait_for(letter.email, CONFIRMATION).link.rpartition("/")[2]
        self._write(lambda work: confirmation.by_link(work, token))

    def _registers(self, letter: Letter, password: str) -> str:
        """The session's cookie."""
        held: list[str] = []

        def register(work: Work) -> None:
            token, session = drafts.write(
                work, number=letter.number, access_code=letter.access_code, email=letter.email,
                password=password, previous=None,
            )  # fmt: skip
            if not isinstance(session, Registering):
                raise TypeError(f"a draft at rank {session.rank}")
            pending.accept_terms(work, session.registration_id or "")
            held.append(f"s.{token}")

        self._write(register)
        return held[0]

    def _agent_of(self, browser: BrowserContext) -> str:
        page = browser.pages[0] if browser.pages else browser.new_page()
        return agent_name(page.evaluate("navigator.userAgent"))

    def _gives(self, browser: BrowserContext, cookies: dict[str, str]) -> None:
        browser.add_cookies(
            [
                {"name": n, "value": v, "url": self.url, "httpOnly": True, "sameSite": "Lax"}
                for n, v in cookies.items()
            ]
        )

    def purges(self) -> None:
        """The hour of the purge has come."""
        self._write(retention.purge)

    def sends_another_letter_to(self, letter: Letter = ODILE) -> Letter:
        """The operator reissues the member's paper letter."""
        work = Work(self.engine, self.world)
        batch = reissue(work, [letter.number], maker=Maker("c.martin", "", self.url))
        [sheet] = batches.sheets(work, batch)
        work.close(commit=True)
        return replace(letter, access_code=sheet.access_code.replace("-", ""))

    def notes_a_letter_returned_from(self, letter: Letter = ODILE) -> None:
        """The post brought the member's letter back (« NPAI »)."""
        self._write(lambda work: posting.returned(work, [letter.number], operator="c.martin"))

    def mails(self, to: str, subject_part: str = "") -> int:
        """How many mails went to an address, once every request and mail is dealt with."""
        self.come_to_rest()
        return len(self.post_office.received(to, subject_part))

    def come_to_rest(self) -> None:
        """Wait until no request is under way and no mail is left to send."""
        with self._change:
            assert self._change.wait_for(lambda: self._busy == 0, PATIENCE), "a request hangs"
        pause, rounds = threading.Event(), int(PATIENCE / 0.02)
        assert any(self._all_sent() or pause.wait(0.02) for _ in range(rounds)), "a mail waits"

    @contextmanager
    def database_locked(self) -> Iterator[None]:
        """Somebody else holds the (SQLite) database: nothing can be written."""
        lock = sqlite3.connect(str(self.engine.url.database), isolation_level=None)
        try:
            lock.execute("BEGIN IMMEDIATE")
            yield
        finally:
            lock.close()

    def _write(self, act: Callable[[Work], object]) -> None:
        work = Work(self.engine, self.world)
        act(work)
        work.close(commit=True)

    def _all_sent(self) -> bool:
        work = Work(self.engine, self.world, reading=True)
        waiting = select(OutboxMail.id).where(OutboxMail.state.in_(["ready", "claimed"]))
        found = work.db.execute(waiting.limit(1)).first()
        work.close(commit=False)
        return found is None

    def _counted(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """The application, its requests counted while they are under way."""
        with self._change:
            self._busy += 1
        body = io.BytesIO()
        try:
            answer = self.app(environ, start_response)
            body.writelines(answer)
            if hasattr(answer, "close"):
                answer.close()
        finally:
            with self._change:
                self._busy -= 1
                self._change.notify_all()
        return [body.getvalue()]
