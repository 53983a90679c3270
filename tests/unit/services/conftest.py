"""What tests of services ask for."""

import pytest

from player.members import with_account
from webapp.services.kernel.work import Work


@pytest.fixture
def account_id(work: Work) -> int:
    """Odile has an account. A whole file of tests asks for it by `pytestmark`."""
    account_id = with_account(work)
    work.settle()
    return account_id
