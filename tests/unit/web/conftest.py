"""What tests of the web ask for: browsers at every stage, and databases. SQLite alone for what no
database decides; both for a journey (a folder beneath this one), which keeps its promises on each.
"""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.databases import KINDS, shared
from tests.visitors import town  # noqa: F401

HERE = Path(__file__).parent
NO_DATABASE_DECIDES = ("demo", "home", "pwa")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Which databases a test runs on."""
    folder = Path(metafunc.module.__file__).parent
    both = folder != HERE and folder.name not in NO_DATABASE_DECIDES
    if "engine" in metafunc.fixturenames and "engine" not in vars(metafunc.module):
        metafunc.parametrize("engine", KINDS if both else ["sqlite"], indirect=True)


@pytest.fixture
def engine(request: pytest.FixtureRequest) -> Engine:
    """An empty database of the kind that the test runs on."""
    return shared(request)
