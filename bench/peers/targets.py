"""Who is measured: how each is served and filled, and how its pages lead through the journeys."""

import os
import sqlite3
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench import journeys, members, server
from bench.browser import Browser, Lost, Page
from bench.sink import Sink

SITES = Path(__file__).parent / "sites"
PEERS = server.ROOT / "build" / "peers"
PYTHON = PEERS / "venv" / "bin" / "python"
REQUIREMENTS = Path(__file__).parent / "requirements.txt"
HASH = "$argon2id$v=19$m=19456,t=2,p=1$"
ALIKE = ("--worker-class", "gthread", "--workers", "2", "--threads", "4", "--keep-alive", "30")


@dataclass(frozen=True)
class Place:
    """Where a target lives during a run."""

    folder: Path
    sink_port: int

    @property
    def database(self) -> Path:
        return self.folder / "members.sqlite3"


class Target(ABC):
    """A site that can be served, and whose sign-in page can be asked for."""

    key: str
    title: str
    sign_in_path: str

    @abstractmethod
    def serve(self, place: Place) -> AbstractContextManager[tuple[int, int, float]]:
        """Port, process and seconds until the first page; stopped afterwards."""

    @abstractmethod
    def fill(self, place: Place, count: int) -> None:
        """A database with members 1 to `count`, where the target has members."""

    def browser(self, port: int) -> Browser:
        """A new visitor."""
        return Browser(port)


class WithMembers(Target):
    """A site where members register and sign in; the others are floors."""

    space_path: str

    @abstractmethod
    async def sign_in(
        self, browser: Browser, sink: Sink, number: int, *, password: str = "", change: int = 0
    ) -> None:
        """Sign-in page, password, mailed code, space. `change` is added to the code."""

    @abstractmethod
    async def ask(self, browser: Browser, sink: Sink, number: int) -> str:
        """Fill in the registration form; returns the link that was mailed."""

    @abstractmethod
    async def confirm(self, browser: Browser, link: str) -> None:
        """Follow the mailed link to its end."""

    @abstractmethod
    async def newcomer_signs_in(self, browser: Browser, sink: Sink, number: int) -> None:
        """The account that was just made works."""

    @abstractmethod
    def stored_hash(self, place: Place) -> str:
        """A member's password hash, from its algorithm on."""


class OfTheirs(Target):
    """A site of bench/peers/sites, served from the peers' own environment."""

    module: str

    def variables(self, place: Place) -> dict[str, str]:
        """What its settings are read from."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("GUNICORN", "PYTHON"))}
        return kept | {
            "SITE_SECRET": server.SECRET,
            "SITE_DATABASE": str(place.database),
            "SITE_MAIL_PORT": str(place.sink_port),
            "SITE_PASSWORD": members.PASSWORD,
        }

    def fill(self, place: Place, count: int) -> None:
        """A database with members 1 to `count`."""
        script = SITES / f"{self.module.partition(':')[0]}.py"
        subprocess.run([PYTHON, script, str(count)], env=self.variables(place), check=True)

    @contextmanager
    def serve(self, place: Place) -> Iterator[tuple[int, int, float]]:
        """gunicorn with the options that all share."""
        port = server.free_port()
        bind = ("--bind", f"{server.HOST}:{port}", "--log-level", "warning")
        more = ("--no-control-socket", "--chdir", str(SITES))
        command = [str(PYTHON), "-m", "gunicorn", self.module, *bind, *ALIKE, *more]
        environment = self.variables(place)
        with server.serving(command, environment, SITES, port, self.sign_in_path) as (pid, seconds):
            yield port, pid, seconds


class Word(OfTheirs):
    """The floor of all floors."""

    key, title, module = "word", "Flask, one word", "bare:app"
    sign_in_path = "/mot"

    def fill(self, place: Place, count: int) -> None:
        """Nobody."""


class Template(Word):
    """What the sign-in page is compared with."""

    key, title, sign_in_path = "template", "Flask, one template", "/page"


class Argon2(Word):
    """What the password check alone costs when it is served."""

    key, title, sign_in_path = "argon2", "Flask, one argon2 check", "/argon2"


class Peer(OfTheirs, WithMembers):
    """A library's own pages. Names of inputs and addresses are all that differs."""

    register_path: str
    email_field, code_field = "email", "code"
    passwords: tuple[str, ...]
    link_part = "confirm"

    async def sign_in(
        self, browser: Browser, sink: Sink, number: int, *, password: str = "", change: int = 0
    ) -> None:
        """Sign-in page, password, mailed code, space. `change` is added to the code."""
        email = members.member(number)
        sink.forget(email)
        await self._sign_in(browser, sink, email, password or members.PASSWORD, change)

    async def _sign_in(
        self, browser: Browser, sink: Sink, email: str, password: str, change: int
    ) -> None:
        page = await browser.get(self.sign_in_path)
        page = await browser.submit(page, {self.email_field: email, "password": password})
        page.form(self.code_field)  # raises Lost when the password was refused
        code = f"{(int((await sink.mail(email)).code) + change) % 1_000_000:06d}"
        page = await browser.submit(page, {self.code_field: code})
        if page.path != self.space_path:
            page = await browser.get(self.space_path)
        if page.status != 200 or page.path != self.space_path or email not in page.text:
            raise Lost(f"not in the space of {email}: {page.path} ({page.status})")

    async def ask(self, browser: Browser, sink: Sink, number: int) -> str:
        """Fill in the registration form; returns the link that was mailed."""
        email = members.newcomer(number).email
        sink.forget(email)
        page = await browser.get(self.register_path)
        fields = {"email": email, **dict.fromkeys(self.passwords, members.PASSWORD)}
        await browser.submit(page, fields)
        return (await sink.mail(email)).link(self.link_part)

    async def confirm(self, browser: Browser, link: str) -> None:
        """Follow the mailed link to its end."""
        self.confirmed(await browser.get(link[link.index("/", 8) :]))

    def confirmed(self, page: Page) -> None:
        """Raise `Lost` unless the page says that the address is confirmed."""
        if page.status != 200 or "onfirmed" not in page.text:
            raise Lost(f"the link did not confirm: {page.path} ({page.status})")

    async def newcomer_signs_in(self, browser: Browser, sink: Sink, number: int) -> None:
        """The account that was just made works."""
        email = members.newcomer(number).email
        sink.forget(email)  # a library may have written once more when it refused
        await self._sign_in(browser, sink, email, members.PASSWORD, 0)

    def stored_hash(self, place: Place) -> str:
        """A member's password hash, from its algorithm on."""
        with sqlite3.connect(place.database) as database:
            (found,) = database.execute(self.hash_query).fetchone()
        return "$" + str(found).partition("$")[2]

    hash_query: str


class FlaskSecurity(Peer):
    """Flask-Security-Too."""

    key, title, module = "flask-security", "Flask-Security-Too 5.9", "with_flask_security:app"
    sign_in_path, register_path, space_path = "/login", "/register", "/espace"
    passwords = ("password", "password_confirm")
    hash_query = "SELECT password FROM user LIMIT 1"


class Allauth(Peer):
    """django-allauth."""

    key, title, module = "allauth", "django-allauth 65", "with_allauth:application"
    sign_in_path, register_path = "/accounts/login/", "/accounts/signup/"
    space_path, email_field = "/espace/", "login"
    passwords = ("password1", "password2")
    hash_query = "SELECT password FROM auth_user LIMIT 1"

    async def confirm(self, browser: Browser, link: str) -> None:
        """The link shows a button."""
        page = await browser.get(link[link.index("/", 8) :])
        self.confirmed(await browser.submit(page, {}))


class Portal(WithMembers):
    """The portal, its scripts off: the same requests as the peers', one form after the other."""

    key, title, sign_in_path, htmx = "portal", "the portal", "/connexion", False
    space_path = "/espace"

    def fill(self, place: Place, count: int) -> None:
        """Members 1 to `count`, and letters for newcomers."""
        with server.opened(f"sqlite:///{place.database}") as (engine, world):
            members.write(engine, world, members=count, newcomers=5_000)

    @contextmanager
    def serve(self, place: Place) -> Iterator[tuple[int, int, float]]:
        """As the README says, but with the processes and threads that all share."""
        url = f"sqlite:///{place.database}"
        with server.portal(url, place.sink_port, *ALIKE) as portal:
            yield portal.port, portal.pid, portal.started_in

    def browser(self, port: int) -> Browser:
        return Browser(port, htmx=self.htmx)

    async def sign_in(
        self, browser: Browser, sink: Sink, number: int, *, password: str = "", change: int = 0
    ) -> None:
        """Sign-in page, password, mailed code, space. `change` is added to the code."""
        email = members.member(number)
        sink.forget(email)
        page = await journeys.give_password(browser, email, password=password or members.PASSWORD)
        page.form("security_code")
        code = f"{(int((await sink.mail(email)).code) + change) % 1_000_000:06d}"
        await journeys.give_code(browser, page, code, email)

    async def ask(self, browser: Browser, sink: Sink, number: int) -> str:
        """The form and the terms; returns the link that was mailed."""
        return await journeys.ask(browser, sink, members.newcomer(number))

    async def confirm(self, browser: Browser, link: str) -> None:
        """The link and its button."""
        await journeys.confirm(browser, link)

    async def newcomer_signs_in(self, browser: Browser, sink: Sink, number: int) -> None:
        """The account that was just made works."""
        await journeys.sign_in(browser, sink, members.newcomer(number).email)

    def stored_hash(self, place: Place) -> str:
        with sqlite3.connect(place.database) as database:
            query = "SELECT password_hash FROM account LIMIT 1"
            return str(database.execute(query).fetchone()[0])


class PortalHtmx(Portal):
    """The portal as most phones use it: each step is one answer."""

    key, title, htmx = "portal-htmx", "the portal, with HTMX", True


FLOORS: tuple[Target, ...] = (Word(), Template(), Argon2())
PEERS_ALONE: tuple[Peer, ...] = (FlaskSecurity(), Allauth())
OURS: tuple[Portal, ...] = (Portal(), PortalHtmx())
EVERYBODY: tuple[Target, ...] = (*FLOORS, *PEERS_ALONE, *OURS)


def install() -> None:
    """The peers' own environment below build/, made anew when what is locked has changed."""
    stamp, locked = PEERS / "installed.txt", REQUIREMENTS.read_text()
    if stamp.exists() and stamp.read_text() == locked:
        return
    print("Installing the peers below build/ (once) …", flush=True)
    if not PYTHON.exists():
        subprocess.run([server.BIN / "python", "-m", "venv", PEERS / "venv"], check=True)
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--require-hashes", "-r", REQUIREMENTS], check=True)
    stamp.write_text(locked)
