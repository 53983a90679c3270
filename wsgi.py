"""What gunicorn loads (`.venv/bin/gunicorn wsgi:app`, `wsgi:desk`) and what the `flask` command
finds. Each application is made when it is asked for: who serves one never loads the other."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

from flask import Flask

from webapp import (
    build_assets,
    check_schema,
    create_app,
    load_templates,
    note_hash_settings,
    start_sender,
    warn_of_settings,
)
from webapp.adapters import logs
from webapp.cli import Commands, commands
from webapp.settings import SettingsError

logs.install()
serving = os.environ.get("FLASK_RUN_FROM_CLI") != "true"


@contextmanager
def faults_told() -> Iterator[None]:
    """What is wrong with the settings ends the process with a line a fault."""
    try:
        yield
    except SettingsError as faults:
        print(faults, file=sys.stderr)
        sys.exit(2)


@faults_told()
def portal() -> Flask:
    """The portal, on its schema where it is to serve."""
    opened = create_app()
    if serving:
        check_schema(opened)
        warn_of_settings(opened)
        note_hash_settings(opened)
        load_templates(opened)
    return opened


def _app() -> Flask:
    # the commands name themselves without any setting, and open the portal when they run
    if commands.names_commands():
        return commands.of_portal(portal, Commands("portal"), faults_told()(build_assets))
    opened = portal()
    if serving:
        # gunicorn.conf.py has the master load the application once, for its workers
        start_sender(opened, forking=os.environ.get("PORTAL_FORKS") == "1")
    return opened


@faults_told()
def _desk() -> Flask:
    opened: Flask = import_module("webapp.desk_application").create_desk()
    check_schema(opened)
    load_templates(opened, desk=True)
    return opened


_APPLICATIONS = {"app": _app, "desk": _desk}


def __getattr__(name: str) -> Flask:
    if name not in _APPLICATIONS:
        raise AttributeError(name)
    made = globals()[name] = _APPLICATIONS[name]()
    return made
