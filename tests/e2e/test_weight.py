"""What members' phones have to fetch, counted on the wire from the server of production.

A kB is 1,000 bytes, headers included (HTTP/1.1, without TLS) unless a test says otherwise.
"""

import os
import re
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests import members
from tests.e2e.browsers import PHONE, Watch
from tests.e2e.post_office import PostOffice
from tests.e2e.screens.sign_in import SignIn
from tests.e2e.scripts import SCRIPTS, Scene
from tests.members import ODILE
from tests.world import test_settings
from webapp.adapters.world import real_world
from webapp.models.engine import open_engine
from webapp.rules.procedure import ACTIVATION, SIGN_IN
from webapp.services.kernel.work import Work
from webapp.settings import ROOT

KB = 1_000
FIRST_LOAD, FIRST_PAGE, PARTIAL, PROCEDURE = 20 * KB, 6 * KB, 4 * KB, 60 * KB
TERMS = 7 * KB
STYLES, OUR_SCRIPTS = 6 * KB, 3 * KB  # compressed


class Production:
    """`gunicorn wsgi:app` as the README starts it, with a database and a mail server of its own."""

    def __init__(self, folder: Path):
        self.post_office = PostOffice()
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.url, self._log = f"http://127.0.0.1:{port}", folder / "gunicorn.log"
        self._settings = test_settings(
            public_url=self.url,
            mail_port=self.post_office.port,
            database_url=f"sqlite:///{folder / 'portal.sqlite3'}",
        )
        names = (
            "secret_key", "public_url", "mail_server", "mail_port", "database_url",
            "argon2_time_cost", "argon2_memory_cost",
        )  # fmt: skip
        self._environment = {
            "PATH": os.environ["PATH"],
            "PORT": str(port),
            "WEB_CONCURRENCY": "1",
            **{name.upper(): str(getattr(self._settings, name)) for name in names},
        }

    def __enter__(self) -> "Production":
        self.post_office.open()
        self._run("flask", "database", "upgrade").wait(60)
        engine = open_engine(self._settings.database_url)
        work = Work(engine, real_world(self._settings))
        members.on_the_roll(work, ODILE)
        work.close(keep=True)
        engine.dispose()
        self._server = self._run("gunicorn", "wsgi:app")
        self._wait_until_healthy()
        return self

    def __exit__(self, *_exc: object) -> None:
        self._server.terminate()
        self._server.wait(30)
        self.post_office.close()

    def _run(self, *command: str) -> subprocess.Popen:
        program = str(Path(sys.executable).parent / command[0])
        with self._log.open("ab") as log:
            return subprocess.Popen(
                [program, *command[1:]], cwd=ROOT, env=self._environment, stdout=log, stderr=log
            )

    def _wait_until_healthy(self) -> None:
        for _ in range(300):
            try:
                with urllib.request.urlopen(f"{self.url}/sante", timeout=5) as answer:
                    assert answer.status == 200
                    return
            except OSError:
                with pytest.raises(subprocess.TimeoutExpired):  # it is still starting
                    self._server.wait(0.1)
        raise AssertionError(self._log.read_text())


class Wire:
    """Bytes of each answer on the wire, headers with them, told by the browser itself."""

    def __init__(self, page: Page):
        self._urls: dict[str, tuple[str, str]] = {}
        self.answers: list[tuple[str, str, int]] = []  # kind, address, bytes
        session = page.context.new_cdp_session(page)
        session.on("Network.responseReceived", self._received)
        session.on("Network.loadingFinished", self._finished)
        session.send("Network.enable")

    def take(self) -> list[tuple[str, str, int]]:
        """The answers since the last taking."""
        taken, self.answers = self.answers, []
        return taken

    def _received(self, event: dict) -> None:
        self._urls[event["requestId"]] = (event["type"], event["response"]["url"])

    def _finished(self, event: dict) -> None:
        kind, url = self._urls.get(event["requestId"], ("?", "?"))
        if size := int(event["encodedDataLength"]):  # 0: it was at hand, nothing was asked
            self.answers.append((kind, url, size))


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Production]:
    with Production(tmp_path_factory.mktemp("production")) as server:
        yield server


@pytest.fixture
def fresh_phone(browser, production, watch: Watch) -> Iterator[Page]:
    context = watch.open(browser, production.url, PHONE, scripts=True)
    yield context.new_page()
    context.close()


def test_the_first_load_of_the_sign_in_page_is_light(fresh_phone, capsys):
    wire = Wire(fresh_phone)
    SignIn(fresh_phone).open()
    fresh_phone.wait_for_load_state("networkidle")
    answers = wire.take()
    told(capsys, "first load of /connexion", [(url, size) for _, url, size in answers])

    assert len(answers) <= 5
    assert sum(size for _, _, size in answers) <= FIRST_LOAD
    page = [size for kind, _, size in answers if kind in ("Document", "Stylesheet")]
    assert sum(page) <= FIRST_PAGE


@pytest.mark.parametrize("coding", ["br", "gzip"])
def test_our_style_sheet_and_scripts_are_small(production, coding):
    """As they leave, headers left aside; scripts that only some pages ask for are counted too."""

    def size(address: str) -> int:
        asked = urllib.request.Request(address, headers={"Accept-Encoding": coding})
        with urllib.request.urlopen(asked, timeout=5) as answer:
            assert answer.headers["Content-Encoding"] == coding
            return len(answer.read())

    with urllib.request.urlopen(f"{production.url}/connexion", timeout=5) as answer:
        page = answer.read().decode()
    style = production.url + re.search(r'"(/static/[^"]+\.css)"', page)[1]
    script = production.url + re.search(r'"(/static/[^"]+/page\.js)"', page)[1]
    assert size(style) <= STYLES
    ours = sum(size(script.replace("page.js", f"{name}.js")) for name in ("portal", "passkey"))
    assert ours <= OUR_SCRIPTS  # portal.js is what page.js begins with; HTMX follows


def test_each_step_is_one_light_answer(production, fresh_phone, capsys):
    """All but the terms, whose step carries their whole text. Cold cache, mails left aside."""
    wire, sizes, total = Wire(fresh_phone), {}, 0
    scene = Scene(production, fresh_phone)  # type: ignore[arg-type] - it has the post office
    for step in (*ACTIVATION, *SIGN_IN):
        SCRIPTS[step.key](scene)
        fresh_phone.wait_for_load_state("networkidle")
        answers = wire.take()
        total += sum(size for _, _, size in answers)
        partials = [size for kind, _, size in answers if kind in ("Fetch", "XHR")]
        if partials:
            sizes[step.key] = max(partials)
    told(capsys, "step by step, as HTMX gets it", list(sizes.items()))
    told(capsys, "the whole procedure, all that was fetched", [("", total)])

    assert set(sizes) == {"about_me", "terms", "activate", "password", "code"}
    terms = sizes.pop("about_me")
    assert terms <= TERMS
    assert max(sizes.values()) <= PARTIAL
    assert total <= PROCEDURE


def told(capsys, title: str, rows: list[tuple[str, int]]) -> None:
    """A small table, for who asked (PICTURES or BENCH)."""
    if not (os.environ.get("PICTURES") or os.environ.get("BENCH")):
        return
    with capsys.disabled():
        print(f"\n{title}")
        for name, size in [*rows, ("total", sum(size for _, size in rows))]:
            print(f"{size:>8,} B  {name}")
