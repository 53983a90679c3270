"""`create_desk`: where the parts of the desk meet, as `create_app` is for the portal."""

from dataclasses import replace

from flask import Flask
from sqlalchemy import Engine

from webapp import configure, desk, mount, open_database
from webapp import settings as settings_module
from webapp.adapters import assets as built_assets
from webapp.adapters import brand
from webapp.adapters.passkeys import WebAuthnPasskeys
from webapp.adapters.world import TEMPLATES, real_world
from webapp.desk import doors, layout
from webapp.services.kernel.world import World
from webapp.settings import Settings, SettingsError
from webapp.web import (
    cookies,
    errors,
    french,
    headers,
    journeys,
    request_log,
    transactions,
)
from webapp.web.demo.routes import only_loopback
from webapp.web.forms import OneClickForm
from webapp.web.sessions import PortalSessionInterface


def create_desk(
    settings: Settings | None = None, world: World | None = None, engine: Engine | None = None
) -> Flask:
    """The desk's application. Raises SettingsError, one line a fault, when it can't be started."""
    if settings is None:
        settings = settings_module.read()
        settings_module.refuse_unnamed_database(settings)
    if not settings.desk_url:
        raise SettingsError(
            "DESK_URL is missing: it must be the desk's own address inside the mutual's network, "
            "for example https://guichet.intra.example.org"
        )
    engine = engine or open_database(settings)
    mutual = brand.of(settings)
    world = at_the_desk(world or real_world(settings), settings)
    own = replace(settings, public_url=settings.desk_url)  # its own cookies, hosts and headers
    app = Flask("webapp", static_folder=None, template_folder=str(TEMPLATES))
    configure(app, own, mutual)
    app.extensions["portal_settings"] = settings
    app.extensions["portal"] = (engine, world)
    _install(app, own, world, mutual)
    return app


def at_the_desk(world: World, settings: Settings) -> World:
    """The same world, whose passkeys are those of the desk's site."""
    mutual = brand.of(settings)
    keys = WebAuthnPasskeys(settings.desk_url, f"{mutual.short}, guichet")
    return replace(world, passkeys=keys)


def _install(app: Flask, own: Settings, world: World, mutual: brand.Brand) -> None:
    request_log.install(app)
    transactions.install(app)
    headers.install(app, style="", script="", secure=own.secure)
    errors.install(app, template="desk/error.html")
    app.session_interface = PortalSessionInterface(
        world.seals, secure=own.secure, name="guichet", prefix="desk_"
    )
    app.jinja_env.globals.update(one_click_form=OneClickForm.blank)
    cookies.install(app)
    layout.install(app)
    french.install(app)
    if own.demo:
        only_loopback(app)
    for blueprint in journeys.blueprints(desk, without=() if own.demo else ("demo",)):
        app.register_blueprint(blueprint)
    doors.install(app)
    mount(app, own, built_assets.of(mutual))
