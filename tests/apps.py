"""The application that tests visit: made once a run, furnished anew for each test."""

import functools

import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine

from player.world import still_world, test_settings
from tests.checked_client import CheckedClient
from webapp import create_app, furnish
from webapp.desk_application import at_the_desk, create_desk
from webapp.services.kernel.world import World
from webapp.settings import Settings


@pytest.fixture(scope="session")
def standing_app() -> Flask:
    """The application without furniture: its routes are registered, its templates compiled and
    its files hashed once. A test that changes any of that asks for `own_app` instead."""
    application = create_app(test_settings(), still_world(), create_engine("sqlite://"))
    application.test_client_class = CheckedClient
    return application


@functools.cache
def _with(settings: Settings) -> Flask:
    return create_app(settings, still_world(settings), create_engine("sqlite://"))


def furnished(settings: Settings, world: World, engine: Engine) -> Flask:
    """An application with other settings, made once a process, that serves this database. It is
    not to be changed: who adds to it calls create_app."""
    application = _with(settings)
    furnish(application, engine, world)
    return application


@pytest.fixture
def app(standing_app: Flask, engine: Engine, world: World) -> Flask:
    """The application on each database; no sender runs."""
    furnish(standing_app, engine, world)
    return standing_app


@pytest.fixture(scope="session")
def standing_desk() -> Flask:
    """The desk without furniture."""
    settings = test_settings(desk_url="http://localhost:8001")
    application = create_desk(settings, still_world(), create_engine("sqlite://"))
    application.test_client_class = CheckedClient
    return application


@pytest.fixture
def desk(standing_desk: Flask, engine: Engine, world: World) -> Flask:
    """The desk on each database."""
    settings = standing_desk.extensions["portal_settings"]
    standing_desk.extensions["portal"] = (engine, at_the_desk(world, settings))
    return standing_desk


@pytest.fixture
def own_app(engine: Engine, world: World) -> Flask:
    """An application of this test's own, to add routes to or to configure otherwise."""
    application = create_app(test_settings(), world, engine)
    application.test_client_class = CheckedClient
    return application
