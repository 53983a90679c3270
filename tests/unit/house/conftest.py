"""What tests of the house ask for: SQLite alone, and browsers at every stage of a journey."""

import pytest
from flask import Flask

from tests.one_database import engine  # noqa: F401 - takes the place of the one for both
from tests.visitors import Town
from webapp.services.work import Work


@pytest.fixture
def town(app: Flask, work: Work) -> Town:
    """Members on the roll, one with an account, and browsers to bring to any stage."""
    return Town(app, work)
