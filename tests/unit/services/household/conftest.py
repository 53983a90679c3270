"""Odile's space, which René and Luce share."""

import pytest

from player.members import LUCE, RENE
from tests.shared_spaces import household_is_sound, joins


@pytest.fixture
def rene(work, account_id):
    """René joined; his entry of the roll."""
    return joins(work, account_id, RENE)


@pytest.fixture
def luce(work, account_id, rene):
    """Luce joined after him; her entry."""
    return joins(work, account_id, LUCE, minutes=5)


@pytest.fixture(autouse=True)
def sound(work):
    """Whatever a test does, nobody is in two spaces and nobody is miscounted."""
    yield
    household_is_sound(work)
