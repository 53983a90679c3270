"""One Chromium for all; a stage and watched browsers of its own for each test."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from jinja2 import FileSystemBytecodeCache
from playwright.sync_api import Browser, Page, expect, sync_playwright
from sqlalchemy import Engine, event

from player.browsers import DESKTOP, PHONE, Watch, launch
from player.databases import empty, fresh_sqlite
from player.desk import Desk
from player.stage import Stage
from tests.databases import spare_the_disk

expect.set_options(timeout=10_000)

OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, started once."""
    with sync_playwright() as playwright:
        chromium = launch(playwright)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Templates are compiled once for all stages."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty SQLite file; indirect `parametrize("database", ["postgresql"])` for the other."""
    if getattr(request, "param", "sqlite") == "postgresql":
        engine: Engine = request.getfixturevalue("postgres_engine")
        empty(engine)
        yield engine
        return
    engine = fresh_sqlite(request.getfixturevalue("sqlite_template"), tmp_path)
    event.listen(engine, "connect", _give_up_sooner)
    event.listen(engine, "connect", spare_the_disk)
    yield engine
    engine.dispose()


def _give_up_sooner(connection, _record) -> None:
    """A locked database is told after two seconds, not ten."""
    connection.execute("PRAGMA busy_timeout=2000")


@pytest.fixture
def host() -> str:
    """The name that browsers know the portal by; passkeys want a name, not a number."""
    return "127.0.0.1"


@pytest.fixture
def stage(
    database: Engine, compiled_templates: FileSystemBytecodeCache, host: str
) -> Iterator[Stage]:
    """The portal, its sender, its mail server and its clock."""
    with Stage(database, host) as ready:
        ready.app.jinja_env.bytecode_cache = compiled_templates
        yield ready


@pytest.fixture
def desk(stage: Stage) -> Iterator[Desk]:
    """The operators' desk beside it."""
    with Desk(stage) as ready:
        yield ready


@pytest.fixture
def watch() -> Iterator[Watch]:
    """What the browsers of this test complained of; the test fails when there is something."""
    watch = Watch()
    yield watch
    assert not watch.verdict()


@pytest.fixture
def open_browser(browser: Browser, stage: Stage, watch: Watch) -> Iterator[OpenPage]:
    """`open_browser(device, scripts=…)`: a page in a browser that has never been here."""
    contexts = []

    def open_one(device: dict | None = None, *, scripts: bool = True) -> Page:
        context = watch.open(browser, stage.url, device or PHONE, scripts=scripts)
        context.set_default_timeout(10_000)
        contexts.append(context)
        return context.new_page()

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture(params=[True, False], ids=["with HTMX", "scripts off"])
def scripts(request: pytest.FixtureRequest) -> bool:
    """Both ways to use the portal."""
    return bool(request.param)


@pytest.fixture
def page(open_browser: OpenPage, scripts: bool) -> Page:
    """A phone, once with HTMX and once with scripts off."""
    return open_browser(PHONE, scripts=scripts)


@pytest.fixture
def phone(open_browser: OpenPage) -> Page:
    """A phone with HTMX, where the other way makes no difference or is another test."""
    return open_browser(PHONE)


@pytest.fixture
def desktop(open_browser: OpenPage) -> Page:
    """A computer with HTMX."""
    return open_browser(DESKTOP)
