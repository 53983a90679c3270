"""What every test can ask for."""

import gc
from collections.abc import Iterator

import hypothesis
import pytest
from flask import Flask
from sqlalchemy import Engine

from player.world import CountingChance, StillClock, still_world
from tests.checked_client import CheckedClient
from webapp.services.kernel.work import Work
from webapp.services.kernel.world import World

# whatever the pace of the machine: no test is timed
hypothesis.settings.register_profile("portal", deadline=None)
hypothesis.settings.load_profile("portal")


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: no collection looks at it again."""
    gc.collect()
    gc.freeze()


pytest_plugins = ["tests.databases", "tests.apps"]


@pytest.fixture
def world() -> World:
    """A world that stands still."""
    return still_world()


@pytest.fixture
def clock(world: World) -> StillClock:
    """Its clock, to move."""
    assert isinstance(world.clock, StillClock)
    return world.clock


@pytest.fixture
def chance(world: World) -> CountingChance:
    """Its chance, to read the last code."""
    assert isinstance(world.chance, CountingChance)
    return world.chance


@pytest.fixture
def work(engine: Engine, world: World) -> Iterator[Work]:
    """A piece of work on each database, undone afterwards unless settled."""
    piece = Work(engine, world, "203.0.113.7")
    yield piece
    piece.close(commit=False)


@pytest.fixture
def client(app: Flask) -> CheckedClient:
    """A browser without scripts, whose every page is checked."""
    client = app.test_client()
    assert isinstance(client, CheckedClient)
    return client
