"""The members' space: `create_app` is the only place where all parts meet."""

import atexit
import logging
import os
from contextlib import suppress
from email.utils import parseaddr
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask
from jinja2 import ChoiceLoader, FileSystemLoader, PrefixLoader, StrictUndefined
from markupsafe import Markup
from sqlalchemy import Engine
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from werkzeug.middleware.proxy_fix import ProxyFix

from webapp import settings as settings_module
from webapp import web
from webapp.adapters import assets as built_assets
from webapp.adapters import (
    bounce_sources,
    brand,
    compiled_templates,
    demo_letters,
    press,
    proxy_pages,
    relay_trial,
    roll_page,
)
from webapp.adapters.builds import FILES, Builds
from webapp.adapters.demo_mailbox import DemoMailbox
from webapp.adapters.mail_templates import FrenchTypography
from webapp.adapters.relay import SmtpRelay
from webapp.adapters.sender import Relay, Sender
from webapp.adapters.world import TEMPLATES, real_world
from webapp.cli import Commands
from webapp.models import postgres, schema
from webapp.models.engine import open_engine
from webapp.rules import lifetimes, procedure
from webapp.services.kernel import hash_settings
from webapp.services.kernel.work import Work
from webapp.services.kernel.world import World
from webapp.settings import Settings, SettingsError
from webapp.web import (
    assets,
    cookies,
    doors,
    errors,
    french,
    headers,
    journeys,
    metrics,
    own_address,
    request_log,
    screens,
    transactions,
)
from webapp.web.demo import routes as demo
from webapp.web.forms import OneClickForm
from webapp.web.home import conformity
from webapp.web.sessions import PortalSessionInterface

BODY_BYTES, FORM_PARTS = 64 * 1024, 50


def create_app(
    settings: Settings | None = None, world: World | None = None, engine: Engine | None = None
) -> Flask:
    """The application. Raises SettingsError, one line a fault, when it can't be started."""
    if settings is None:
        settings = settings_module.read()
        if engine is None:
            settings_module.refuse_unnamed_database(settings)
    engine = engine or open_database(settings)
    world = world or real_world(settings)
    app = Flask("webapp", static_folder=None, template_folder=str(TEMPLATES))
    mutual = brand.of(settings)
    configure(app, settings, mutual)
    app.extensions["portal_settings"] = settings
    app.extensions["portal_own_address"] = (mutual.full, mutual.address)
    app.extensions["portal_roll_page"] = partial(roll_page.page, mutual)
    app.extensions["portal_press"] = partial(press.open_press, mutual, settings.public_url)
    furnish(app, engine, world)
    _install_web(app, settings, world, mutual)
    with app.test_request_context():
        brand.try_terms(mutual, app.jinja_env)
    app.cli = Commands(app.name)
    return app


def furnish(app: Flask, engine: Engine, world: World) -> None:
    """Have the application serve this database in this world, with a sender of its own: what
    differs from test to test, while all that is installed once stays."""
    settings: Settings = app.extensions["portal_settings"]
    app.extensions["portal_sender"] = Sender(engine, _relay(settings, engine, world), world)
    app.extensions["portal_trial"] = None if settings.demo else partial(relay_trial.steps, settings)
    app.extensions["portal_bounces"] = partial(bounce_sources.open_source, settings)
    app.extensions["portal"] = (engine, world)


def build_assets() -> None:
    """Build the static files of this version and BRAND_DIR, unless they are, and the proxy's own
    pages. Raises SettingsError, which no other setting can cause."""
    mutual = brand.of_folder(settings_module.read_brand_dir())
    proxy_pages.write(mutual, built_assets.of(mutual))


def start_sender(app: Flask, *, forking: bool = False) -> None:
    """Run the sender in this process, and in those forked from it, unless it runs apart.

    `forking`: this process only loads the application for those that it forks, and runs no thread.
    """
    settings: Settings = app.extensions["portal_settings"]
    if settings.mail_worker == "external":
        return
    sender: Sender = app.extensions["portal_sender"]
    atexit.register(sender.stop)  # the mail under way is finished, none waits for its lease
    if not forking:
        sender.start()
    os.register_at_fork(after_in_child=sender.start)


def load_templates(app: Flask, *, desk: bool = False) -> None:
    """Load every template of the application for good, the portal's unless told the desk's: an
    upgrade changes their folder while this version serves."""
    others: tuple[str, ...] = ("mail/", "letter/")  # the mails' own; typst's, which no server loads
    others += () if desk else ("desk/",)
    compiled_templates.load(app.jinja_env, lambda name: not name.startswith(others))
    app.extensions["portal"][1].mails.load()


def check_schema(app: Flask) -> None:
    """Raise SettingsError when the database has not a schema that this code serves.

    A database that is away is no reason not to start: pages say 503 until it is back.
    """
    engine, _ = app.extensions["portal"]
    if fault := postgres.fault(engine):
        raise SettingsError(f"DATABASE_URL {fault}")
    other = schema.other(engine)
    engine.dispose()  # a process forked from this one must not find its connection
    if other is None:
        return
    if other.served:
        logging.getLogger("portal.schema").warning(
            f"the schema is of version {other.version}, newer than this code's {schema.wanted()}, "
            "which may still serve it"
        )
        return
    advice = "run .venv/bin/flask database upgrade"
    if other.newer:
        advice = "this code is older than the database, start the version that made that schema"
    raise SettingsError(
        f"DATABASE_URL leads to a schema of version {other.version or 'none'}, this code serves "
        f"{schema.wanted()}: {advice}"
    )


def open_database(settings: Settings) -> Engine:
    """The database of the settings. Raises SettingsError."""
    try:
        return open_engine(settings.database_url)
    except (OSError, ImportError, ArgumentError, ValueError) as fault:
        raise SettingsError(
            f"DATABASE_URL can't be opened ({_reason(fault)}): it must be a SQLite file in a "
            "folder that can be written to, or a PostgreSQL address, for example "
            "sqlite:////srv/portal/portal.sqlite3"
        ) from fault


def _reason(fault: Exception) -> str:
    """Why, without an address: SQLAlchemy's words would repeat the password in it."""
    if isinstance(fault, ArgumentError):
        return type(fault).__name__
    return str(fault)


def warn_of_settings(app: Flask) -> None:
    """Write a line in the log for each thing of the demonstration's that members would meet."""
    settings: Settings = app.extensions["portal_settings"]
    mutual: brand.Brand = app.jinja_env.globals["brand"]  # type: ignore[assignment]
    untold = () if settings.test_members else mutual.legal.missing
    for each in settings.warnings:
        logging.getLogger("portal.settings").warning(each)
    if untold:
        logging.getLogger("portal.settings").warning(
            f"[legal] of brand.toml does not say {', '.join(untold)}: the law wants them "
            "on the page /mentions-legales, which leaves them out"
        )
    if not settings.test_members and (untold := mutual.duties.missing):
        logging.getLogger("portal.settings").warning(
            f"[accessibility] of brand.toml does not say {', '.join(untold)}: the page "
            "/accessibilite is not in the form that the law sets"
        )


def note_hash_settings(app: Flask) -> None:
    """Say which argon2 settings this server hashes with, before it stores a password. A database
    that is away is told at the first sign-in, once it is back."""
    engine, world = app.extensions["portal"]
    try:
        with suppress(SQLAlchemyError), Work(engine, world) as work:
            hash_settings.note(work)
    finally:
        engine.dispose()  # as above


def configure(app: Flask, settings: Settings, mutual: brand.Brand) -> None:
    """What the portal and the desk have alike: limits of requests, templates, the brand."""
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_SECURE=settings.secure,
        MAX_CONTENT_LENGTH=BODY_BYTES,
        MAX_FORM_MEMORY_SIZE=BODY_BYTES,
        MAX_FORM_PARTS=FORM_PARTS,
        TRUSTED_HOSTS=settings.hosts,
        WTF_CSRF_TIME_LIMIT=None,
        PREFERRED_URL_SCHEME="https" if settings.secure else "http",
    )
    if mutual.has_terms:
        own, ours = FileSystemLoader(mutual.folder / "terms"), FileSystemLoader(TEMPLATES)
        app.jinja_loader = ChoiceLoader([PrefixLoader({"terms": own}), ours])
    app.jinja_env.undefined = StrictUndefined
    flavour = f"pages {mutual.short} {mutual.mark}"
    app.jinja_env.bytecode_cache = compiled_templates.cache(TEMPLATES, flavour)
    app.jinja_env.add_extension(FrenchTypography)
    app.jinja_env.filters["named"] = mutual.named
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        brand=mutual,
        demo=settings.demo,
        own_host=urlsplit(settings.public_url).netloc,
        stepper=procedure.STEPPER,
        households=settings.households,
        trusted_days=settings.trusted_device_days,
        mail_sender=_shown_sender(settings.mail_default_sender),
    )


def _shown_sender(sender: str) -> str:
    """How mailboxes name a sender: « SMIE », else its address."""
    name, address = parseaddr(sender)
    return name or address


def _install_web(app: Flask, settings: Settings, world: World, mutual: brand.Brand) -> None:
    _install_metrics(app, settings)
    transactions.install(app)
    built = built_assets.of(mutual)
    style, loader = (
        (built / FILES / name).read_text("utf-8")
        for name in (built_assets.STYLE, built_assets.LOADER)
    )
    headers.install(app, style=style, script=loader, secure=settings.secure)
    errors.install(app)
    app.session_interface = PortalSessionInterface(world.seals, secure=settings.secure)
    app.jinja_env.globals.update(
        session_idle=int(lifetimes.SESSION_IDLE.total_seconds()),
        session_warning=int(lifetimes.SESSION_WARNING.total_seconds()),
        conformity=conformity.read(),
        one_click_form=OneClickForm.blank,
        # our own, and the brand's colours, which are checked
        style=Markup(style),  # noqa: S704  # nosec B704
        loader=Markup(loader),  # noqa: S704  # nosec B704 - our own
    )
    cookies.install(app)
    screens.install(app)
    french.install(app)
    if settings.demo:
        demo.only_loopback(app)
        printed = partial(demo_letters.pdf, app.extensions["portal_press"])
        app.extensions["portal_demo_letters"] = (demo_letters.sheets, printed)
    for blueprint in journeys.blueprints(web, without=() if settings.demo else ("demo",)):
        app.register_blueprint(blueprint)
    doors.install(app)
    mount(app, settings, built)


def mount(app: Flask, settings: Settings, built: Path) -> None:
    """Put the application behind its proxies, beside its static files, at its own address."""
    if proxies := settings.trusted_proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=0, x_port=0, x_prefix=0
        )
    assets.install(app, built / FILES, built.name, Builds(built.parent), secure=settings.secure)
    own_address.install(app, urlsplit(settings.public_url).netloc)


def _install_metrics(app: Flask, settings: Settings) -> None:
    """Log each request, and count it where there is a token to read the counts with."""
    if not settings.metrics_token:
        request_log.install(app)
        return
    from webapp.adapters.metrics.requests import RequestMetrics
    from webapp.services.desk import misuse

    counts = RequestMetrics()
    request_log.install(app, counts.count)
    of_desk = misuse.last_hour if settings.desk_url else misuse.no_desk
    metrics.install(app, counts, settings.metrics_token, of_desk)


def _relay(settings: Settings, engine: Engine, world: World) -> Relay:
    if settings.demo:
        return DemoMailbox(engine, world, settings.mail_default_sender)
    return SmtpRelay(settings)
