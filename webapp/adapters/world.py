"""The world in production: the real clock, chance, argon2, keys, mail templates and terms."""

import hashlib
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from webapp.adapters import argon2_cpu, brand, compiled_templates
from webapp.adapters.argon2 import Argon2Hasher
from webapp.adapters.brand import Brand
from webapp.adapters.clock_and_random import SystemChance, SystemClock
from webapp.adapters.keys import KeyedSeals
from webapp.adapters.mail_templates import FrenchTypography, JinjaMailTemplates
from webapp.adapters.passkeys import WebAuthnPasskeys
from webapp.adapters.totp import PyotpCodes
from webapp.rules import credentials, typography
from webapp.services.kernel.world import Chance, Clock, Terms, World
from webapp.settings import ROOT, Settings

TEMPLATES = ROOT / "templates"


def terms_in_force(folder: Path = TEMPLATES / "terms") -> Terms:
    """The youngest version of a folder, whose file name is its date, and its SHA-256."""
    file = max(folder.glob("*.html"), key=lambda each: each.stem)
    return Terms(file.stem, hashlib.sha256(file.read_bytes()).hexdigest())


def mail_environment(mutual: Brand | None = None, *, answered: bool = False) -> Environment:
    """Templates for mails: HTML parts escaped, text parts not, undefined names crash.

    They bear the brand of `mutual`, ours unless told. `answered`: somebody reads what members
    answer, so that they are not told not to.
    """
    environment = Environment(  # nosec B701 - HTML is escaped by its name, text must not be
        loader=FileSystemLoader(TEMPLATES),
        autoescape=lambda name: bool(name) and str(name).endswith(".html"),
        undefined=StrictUndefined,
        extensions=[FrenchTypography],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    mutual = mutual or brand.read(brand.OURS)
    environment.globals.update(brand=mutual, answered=answered)
    environment.filters.update(grouped=credentials.grouped_digits, unbroken=typography.unbroken)
    flavour = f"mails {mutual.short} {mutual.mark}"
    environment.bytecode_cache = compiled_templates.cache(TEMPLATES, flavour)
    return environment


def real_world(
    settings: Settings, *, clock: Clock | None = None, chance: Chance | None = None
) -> World:
    """The world that the settings describe; tests may hand in a clock or chance of their own."""
    argon2_cpu.check()
    clock, mutual = clock or SystemClock(), brand.of(settings)
    return World(
        clock=clock,
        chance=chance or SystemChance(),
        hasher=Argon2Hasher(
            settings.argon2_time_cost, settings.argon2_memory_cost, settings.argon2_parallelism
        ),
        seals=KeyedSeals(
            settings.secret_key, settings.public_url, clock, settings.secret_key_fallbacks
        ),
        mails=JinjaMailTemplates(
            mail_environment(mutual, answered=bool(settings.mail_reply_to)), settings.public_url
        ),
        terms=terms_in_force((mutual.folder if mutual.has_terms else TEMPLATES) / "terms"),
        passkeys=WebAuthnPasskeys(settings.public_url, mutual.full),
        app_codes=PyotpCodes(mutual.full),
        households=settings.households,
        trusted_device_days=settings.trusted_device_days,
        failures_per_origin=settings.limit_per_address,
        looks_per_operator=settings.desk_looks_per_hour,
        recoveries_per_origin=settings.limit_recoveries_per_address,
    )
