"""Operators at work at the desk, for tests: in the browser of a test, or as a piece of work."""

from functools import partial

from flask import Flask
from sqlalchemy import Engine

from player import desk as played
from player.desk import ORIGIN
from tests.checked_client import CheckedClient
from webapp.rules.roles import Role
from webapp.services.kernel.work import Work
from webapp.services.kernel.world import World
from webapp.services.operators import sessions

# by nobody who plays: whom an operator gave a key agrees to nothing of theirs for a day
operator = partial(played.operator, by="tests")


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
