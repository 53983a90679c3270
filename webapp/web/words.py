"""Filters of templates: how moments, spans and addresses are written in French."""

from datetime import timedelta

from flask import Flask

from webapp.rules import moments, typography
from webapp.rules.credentials import masked_email
from webapp.rules.lifetimes import in_words
from webapp.web.slots import deferred


def install(app: Flask) -> None:
    """Make them filters; all but `french` can stand before `slot`."""
    app.jinja_env.filters.update(
        day=deferred(moments.day),
        hour=deferred(moments.hour),
        moment=deferred(moments.moment),
        span=deferred(in_words),
        seconds=deferred(whole_seconds),
        masked=deferred(masked_email),
        french=typography.french,
    )


def whole_seconds(span: timedelta) -> int:
    """Its seconds, for a script that counts them."""
    return int(span.total_seconds())
