"""Operators at work at the desk, for tests: in the browser of a test, or as a piece of work."""

from flask import Flask
from sqlalchemy import Engine, select

from tests.checked_client import CheckedClient
from webapp.models.operator import Operator
from webapp.rules.roles import Role
from webapp.services.kernel.work import Work
from webapp.services.kernel.world import World
from webapp.services.operators import sessions, staff

ORIGIN = "10.0.0.7"


def operator(work: Work, name: str = "a.petit", role: Role = Role.ADVISER) -> int:
    """The id of an operator of this name, added if there is none."""
    asked = select(Operator.id).where(Operator.name == name)
    found = work.db.execute(asked).scalar()
    if found is None:
        staff.add(work, name, role, by="tests")
        found = work.db.execute(asked).scalar_one()
    return int(found)


def at_the_desk(desk: Flask, role: Role = Role.ADVISER, name: str = "") -> CheckedClient:
    """A browser in which an operator of this role is at work."""
    engine, world = desk.extensions["portal"]
    with Work(engine, world, ORIGIN) as work:
        token = sessions.mint(work, operator(work, name or f"{role}.un", role))
    client = desk.test_client()
    assert isinstance(client, CheckedClient)
    client.set_cookie("guichet", f"s.{token}")
    return client


def working(engine: Engine, world: World, name: str = "a.petit", role: Role = Role.ADVISER) -> Work:
    """A piece of work of an operator's."""
    with Work(engine, world, ORIGIN) as work:
        operator_id = operator(work, name, role)
    return Work(engine, world, ORIGIN, operator_id=operator_id)
