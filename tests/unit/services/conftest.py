"""What tests of services ask for."""

from dataclasses import replace

import pytest

from player.members import with_account
from webapp.services.kernel.work import Work


@pytest.fixture
def account_id(work: Work) -> int:
    """Odile has an account. A whole file of tests asks for it by `pytestmark`."""
    account_id = with_account(work)
    work.settle()
    return account_id


@pytest.fixture
def apart(work: Work) -> None:
    """Nobody joins anybody's space (HOUSEHOLDS=0)."""
    work.world = replace(work.world, households=False)
