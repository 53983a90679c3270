import pytest
from sqlalchemy import Engine

from player.world import StillClock
from tests.roll_desk import Desk
from webapp.services.kernel.world import World


@pytest.fixture
def desk(engine: Engine, world: World, clock: StillClock) -> Desk:
    return Desk(engine, world, clock)
