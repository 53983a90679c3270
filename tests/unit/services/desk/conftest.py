"""An operator at work."""

import pytest

from tests.operators import operator
from webapp.rules.roles import Role


@pytest.fixture
def adviser(work):
    """Who asks: the id of an adviser, whose work `work` is."""
    operator_id = operator(work, "a.petit", Role.ADVISER)
    work.operator_id = operator_id
    work.settle()
    return operator_id


@pytest.fixture
def supervisor(work):
    """Who may agree: the id of a supervisor."""
    operator_id = operator(work, "c.martin", Role.SUPERVISOR)
    work.settle()
    return operator_id
