"""One visit: a portal of its own, a browser that has never been there, and what a state needs done."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Unpack

from flask import request, template_rendered
from jinja2 import FileSystemBytecodeCache
from playwright.sync_api import Browser, BrowserContext, Page, Response
from sqlalchemy import event, update

from player import members
from player.browsers import Watch
from player.databases import fresh_sqlite, migrated_sqlite
from player.desk import Desk
from player.members import LUCE, ODILE
from player.scene import Scene
from player.screens.mailbox import SECURITY_CODE, Mailbox
from player.screens.second_factors import PasskeyStep
from player.screens.sign_in import SecurityCode, SignIn
from player.stage import Stage
from player.walk import Who, walk
from webapp.models import OutboxMail
from webapp.rules.procedure import Procedure
from webapp.rules.roles import Role

PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 740}}
MAIL = "/message"
HOST = "localhost"  # a passkey belongs to a name, never to a number

WITNESS = (Path(__file__).parent / "checks" / "witness.js").read_text(encoding="utf-8")


@dataclass
class Visit:
    """What a state's function is given."""

    stage: Stage
    page: Page
    browser: Browser
    watch: Watch
    scripts: bool
    templates: list[str] = field(default_factory=list)
    answer: Response | None = None
    _contexts: list[BrowserContext] = field(default_factory=list)
    _beside: ExitStack = field(default_factory=ExitStack)
    _has_account: bool = False

    def on_the_roll(self) -> None:
        """Odile has had her paper letter."""
        self.stage.sends_letter_to(ODILE)

    def has_account(self) -> None:
        """Odile has registered some time ago."""
        if not self._has_account:
            self.stage.has_account_of(ODILE)
            self._has_account = True

    def walk(
        self, procedure: Procedure, *, until: str = "", page: Page | None = None, **who: Unpack[Who]
    ) -> Scene:
        """Play the procedure here, or on this page; what it starts from is made first."""
        self._ready_for(procedure)
        return walk(procedure, self.stage, page or self.page, until=until, **who)

    def elsewhere(
        self,
        procedure: Procedure,
        *,
        until: str = "",
        scripts: bool | None = None,
        **who: Unpack[Who],
    ) -> Scene:
        """The same, in another browser; its scripts are off when they are here, unless told."""
        return self.walk(procedure, until=until, page=self.other_browser(scripts), **who)

    def other_browser(self, scripts: bool | None = None) -> Page:
        """A page in another browser; its scripts are off when they are here, unless told."""
        may_run = self.scripts if scripts is None else scripts
        context = self.watch.open(self.browser, self.stage.url, PHONE, scripts=may_run)
        context.set_default_timeout(10_000)
        self._contexts.append(context)
        return context.new_page()

    def minute_passes(self) -> None:
        """The next code may be mailed."""
        self.stage.clock.advance(seconds=61)

    def sign_in_by_mail(self) -> None:
        """Both steps, the second with the mailed code, wherever they lead."""
        SignIn(self.page).open().fill(ODILE.email).go_on()
        if PasskeyStep.path in self.page.url:
            PasskeyStep(self.page).submit("Recevoir un code par mail")
        code = self.stage.post_office.wait_for(ODILE.email, SECURITY_CODE).security_code
        SecurityCode(self.page).shows().enter(code)

    def security_code(self) -> str:
        """The last mail's."""
        return Mailbox(self.stage.post_office, ODILE.email).security_code()

    def wrong_code(self) -> str:
        """Six digits that were not sent."""
        return f"{(int(self.security_code()) + 1) % 1_000_000:06d}"

    def mails_came_back(self) -> None:
        """The mailbox refused what was sent; the page is asked for again."""
        self._mails_become(state="failed")

    def mails_are_late(self) -> None:
        """The relay takes none; the page is asked for again."""
        never = self.stage.clock.now() + timedelta(days=1)
        self._mails_become(state="ready", last_error="relay 554 5.7.1", not_before=never)

    def _mails_become(self, **values: object) -> None:
        self.stage.come_to_rest()
        with self.stage.engine.begin() as connection:
            connection.execute(update(OutboxMail).values(**values))
        self.stage.clock.advance(seconds=2)
        self.page.reload()

    def takes_the_address(self, email: str) -> None:
        """Somebody else registered with this address in between."""
        other = members.Letter(LUCE.number, LUCE.access_code, email)
        self.stage.has_account_of(other)

    def show_html(self, text: str) -> None:
        """A mail as a mail program shows it, on a page of its own."""
        self.page.route(
            f"**{MAIL}",
            lambda route: route.fulfill(body=text, content_type="text/html; charset=utf-8"),
        )
        self.page.goto(MAIL)

    def document(self) -> str:
        """The last whole document that the page was answered, as it came."""
        return self.answer.text() if self.answer else ""

    @contextmanager
    def laid_out(self) -> Iterator[Page]:
        """The last document again, in a browser where checkers can run but its scripts do not."""
        text, address = self.document(), self.page.url
        context = self.browser.new_context(**PHONE, locale="fr-FR")
        page = context.new_page()
        page.route("**/*.js", lambda route: route.abort())
        page.route(
            address.split("#")[0],
            lambda route: route.fulfill(body=text, content_type="text/html; charset=utf-8"),
        )
        page.goto(address)
        yield page
        context.close()

    def desk(self, role: Role | None = None) -> Desk:
        """The operators' desk beside the portal; with a role, somebody is at work here."""
        opened = self._beside.enter_context(Desk(self.stage))
        self._beside.enter_context(template_rendered.connected_to(_noting(self), opened.app))
        if role:
            opened.lets_in(self.page.context, role)
        return opened

    def close(self) -> None:
        """Leave."""
        self._beside.close()
        for context in [self.page.context, *self._contexts]:
            context.close()

    def _ready_for(self, procedure: Procedure) -> None:
        if procedure.key in ("registration", "activation"):
            self.on_the_roll()
        else:
            self.has_account()  # a newer letter's member has one too


class Theatre:
    """Opens visits, each with a portal and a database of its own."""

    def __init__(self, browser: Browser, folder: Path):
        self.browser, self._folder = browser, folder
        self._template = folder / "template.sqlite3"
        if not self._template.exists():
            migrated_sqlite(self._template)
        self._compiled = FileSystemBytecodeCache(str(folder))

    @contextmanager
    def visit(self, *, scripts: bool, device: dict[str, Any] | None = None) -> Iterator[Visit]:
        """A visit, ended with the block."""
        folder = Path(tempfile.mkdtemp(dir=self._folder))
        engine = fresh_sqlite(self._template, folder)
        event.listen(engine, "connect", _quick)
        with Stage(engine, HOST) as stage:
            stage.app.jinja_env.bytecode_cache = self._compiled
            watch = Watch()
            context = watch.open(self.browser, stage.url, device or PHONE, scripts=scripts)
            context.set_default_timeout(10_000)
            if scripts:
                context.add_init_script(WITNESS)
            visit = Visit(stage, context.new_page(), self.browser, watch, scripts)
            with template_rendered.connected_to(_noting(visit), stage.app):
                visit.page.on("response", _keeping(visit))
                try:
                    yield visit
                finally:
                    visit.close()
        engine.dispose()
        shutil.rmtree(folder, ignore_errors=True)


def _noting(visit: Visit) -> Callable[..., None]:
    """Of the screens, not of what the service worker lays aside."""

    def note(_app: object, *, template: Any, **_context: object) -> None:
        asked = request.headers
        if "HX-Request" in asked or asked.get("Sec-Fetch-Mode") == "navigate":
            visit.templates.append(template.name)

    return note


def _keeping(visit: Visit) -> Callable[[Response], None]:
    """The last whole document that the page was answered."""

    def keep(response: Response) -> None:
        kind = response.headers.get("content-type", "")
        whole = response.request.resource_type == "document" and kind.startswith("text/html")
        if whole and response.frame.page == visit.page:
            visit.answer = response

    return keep


def _quick(connection: Any, _record: object) -> None:
    """It need not outlive a power cut; a locked database is told after two seconds."""
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute("PRAGMA busy_timeout=2000")
