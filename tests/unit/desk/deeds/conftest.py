"""A member whose page is open at the desk."""

import pytest
from flask import Flask
from sqlalchemy import select

from player.members import with_account
from tests.checked_client import CheckedClient
from tests.operators import at_the_desk, operator
from webapp.models import Account
from webapp.rules.roles import Role
from webapp.services.desk import looks
from webapp.services.kernel.work import Work


@pytest.fixture
def odile(work: Work) -> int:
    """Her entry of the roll: she has a space."""
    with_account(work)
    roll_id = work.db.execute(select(Account.roll_id)).scalar_one()
    work.settle()
    return int(roll_id)


@pytest.fixture
def opened(work: Work, odile: int):  # type: ignore[no-untyped-def]
    """Open her page for an operator of this name, the caller having answered."""

    def of(name: str, role: Role = Role.ADVISER, *, checked: bool = True) -> None:
        operator_id = operator(work, name, role)
        looks.begin(work, operator_id, odile, "appel")
        if checked:
            looks.check(work, operator_id, odile)
        work.settle()

    return of


@pytest.fixture
def browser(desk: Flask, opened) -> CheckedClient:  # type: ignore[no-untyped-def]
    """An adviser who has her page open and checked."""
    client = at_the_desk(desk, Role.ADVISER, "a.petit")
    opened("a.petit")
    return client
