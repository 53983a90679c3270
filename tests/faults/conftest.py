"""Portals of both kinds, the figures that are told at the end, and what runs when.

`make faults` runs everything; `make test` (FAULTS unset) what takes seconds, in smaller numbers.
"""

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults import oracle
from tests.faults.portal import Portal, portal
from tests.faults.postgres import Postgres

ALL = bool(os.environ.get("FAULTS"))
KINDS = os.environ.get("TEST_DATABASES", "sqlite postgresql").split()
_FIGURES = pytest.StashKey[list[str]]()

# for what is the same on both databases: a process, a folder, a terminal
no_database_decides = pytest.mark.parametrize("kind", ["sqlite"])

Tell = Callable[[str], None]
NewPortal = Callable[..., Portal]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "long: run by `make faults` alone")
    config.stash[_FIGURES] = []


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    skip = pytest.mark.skip(reason="long: make faults")
    for item in items:
        if item.get_closest_marker("long") and not ALL:
            item.add_marker(skip)


def pytest_terminal_summary(terminalreporter, config: pytest.Config) -> None:
    if ALL and config.stash[_FIGURES]:
        terminalreporter.section("figures")
        for line in config.stash[_FIGURES]:
            terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def figures(pytestconfig: pytest.Config) -> list[str]:
    """What is printed at the end."""
    return pytestconfig.stash[_FIGURES]


@pytest.fixture
def tell(request: pytest.FixtureRequest, figures: list[str]) -> Tell:
    """Have a figure printed at the end, with the database it was measured on."""
    kind = request.node.callspec.params.get("kind", "") if hasattr(request.node, "callspec") else ""
    return lambda line: figures.append(f"{kind or 'both':10} {line}")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL of our own, which tests may stop."""
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:
        server = Postgres(folder)
        yield server
        server.close()


def database_url(kind: str, folder: Path, request: pytest.FixtureRequest) -> str:
    """The URL of an empty database of this kind."""
    if kind == "sqlite":
        return f"sqlite:///{folder / 'portal.sqlite3'}"
    server: Postgres = request.getfixturevalue("postgres")
    return server.new_database()


@pytest.fixture(scope="session", params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    """Each database in turn."""
    return str(request.param)


@pytest.fixture(scope="session")
def standing(
    kind: str, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Portal]:
    """A portal that stands for the whole run; every test brings its own members."""
    folder = tmp_path_factory.mktemp(kind)
    with portal(folder, database_url(kind, folder, request), by_command=True) as running:
        yield running


@pytest.fixture
def town(standing: Portal) -> Iterator[Portal]:
    """The standing portal with its relay in a good mood, judged by the oracle afterwards."""
    yield standing
    standing.relay.mood, standing.relay.at = "takes", lambda _point: None
    standing.first.advance(0)
    oracle.check(standing)


@pytest.fixture
def own_portal(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[NewPortal]:
    """Makes a portal (not started) that a test may treat badly."""
    made: list[Portal] = []

    def make(**environment: str) -> Portal:
        folder = tmp_path / str(len(made))
        folder.mkdir()
        made.append(Portal(folder, database_url(kind, folder, request), **environment))
        return made[-1]

    yield make
    for each in made:
        each.close()
