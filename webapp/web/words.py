"""How moments and spans are written in French, for templates."""

from datetime import timedelta

from flask import Flask

from webapp.rules.lifetimes import in_words
from webapp.rules.moments import day, hour, moment
from webapp.rules.typography import french

__all__ = ["day", "hour", "install", "moment"]


def install(app: Flask) -> None:
    """Make them filters."""

    def span(value: timedelta) -> str:
        return in_words(value)

    app.jinja_env.filters.update(day=day, hour=hour, moment=moment, span=span, french=french)
