"""Which lines are written at which level."""

import logging
from copy import deepcopy

import pytest

from webapp.adapters import logs

LOGGERS = ("portal.request", "gunicorn.error")


@pytest.fixture
def levels(monkeypatch):
    """The levels of now come back afterwards."""
    monkeypatch.setattr(logs, "CONFIG", deepcopy(logs.CONFIG))
    before = {name: logging.getLogger(name).level for name in ("portal", "gunicorn.error")}
    yield
    for name, level in before.items():
        logging.getLogger(name).setLevel(level)


def written(level):
    return [name for name in LOGGERS if logging.getLogger(name).isEnabledFor(level)]


def set_up(name):
    logs.hold_to(name)
    logging.config.dictConfig(logs.CONFIG | {"root": {"handlers": []}})


@pytest.mark.usefixtures("levels")
def test_a_line_a_request_unless_less_is_asked_for():
    set_up("info")
    assert written(logging.INFO) == list(LOGGERS)
    set_up("warning")
    assert written(logging.INFO) == [] and written(logging.WARNING) == list(LOGGERS)
