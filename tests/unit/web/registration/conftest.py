"""A town where nobody joins anybody's space (HOUSEHOLDS=0)."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import Engine

from player.world import test_settings
from tests.checked_client import CheckedClient
from tests.visitors import Town
from webapp import create_app
from webapp.services.kernel.work import Work
from webapp.services.kernel.world import World


@pytest.fixture
def apart(engine: Engine, world: World) -> Iterator[Town]:
    """The town with HOUSEHOLDS=0."""
    world = replace(world, households=False)
    app = create_app(test_settings(households=False), world, engine)
    app.test_client_class = CheckedClient
    with Work(engine, world, "203.0.113.7") as work:
        yield Town(app, work)
