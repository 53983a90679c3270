"""An application that compiles no template twice in a run: most of a web test's time went there."""

import io

import pytest
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Engine

from tests.checked_client import CheckedClient
from tests.world import test_settings
from webapp import create_app
from webapp.services.world import World


class KeptTemplates(BytecodeCache):
    """Compiled templates, kept in memory until the run ends; a changed source is compiled anew."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if kept := self._kept.get(bucket.key):
            bucket.load_bytecode(io.BytesIO(kept))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


KEPT = KeptTemplates()


@pytest.fixture
def app(engine: Engine, world: World) -> Flask:
    """The application; no sender runs."""
    application = create_app(test_settings(), world, engine)
    application.test_client_class = CheckedClient
    application.jinja_env.bytecode_cache = KEPT
    return application
