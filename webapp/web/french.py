"""Filters of templates: how moments, spans, addresses, events and mails are written in French."""

from datetime import datetime, timedelta

from flask import Flask
from markupsafe import Markup

from webapp.rules import events, mails, moments, statuses, typography
from webapp.rules.credentials import masked_email
from webapp.rules.lifetimes import in_words
from webapp.web.slots import deferred


def install(app: Flask) -> None:
    """Make them filters; those of `deferred` can stand before `slot`."""
    app.jinja_env.filters.update(
        day=deferred(moments.day),
        hour=deferred(hour),
        moment=deferred(moment),
        span=deferred(in_words),
        seconds=deferred(whole_seconds),
        masked=deferred(masked_email),
        french=typography.french,
        event_words=events.told,
        mail_title=mails.title,
        situation=statuses.words,
    )


def hour(value: datetime) -> Markup:
    """« 14 h 05 », to which « (heure de Paris) » is added for whoever is elsewhere."""
    return _in_paris(moments.hour(value))


def moment(value: datetime) -> Markup:
    """« 1er décembre 2026 à 14 h 05 », with the same."""
    return _in_paris(moments.moment(value))


def _in_paris(words: str) -> Markup:
    """By static/js/awake.js, which knows where the browser is, and portal.css; always without
    scripts."""
    return Markup('<span class="paris">{}</span>').format(words)


def whole_seconds(span: timedelta) -> int:
    """Its seconds, for a script that counts them."""
    return int(span.total_seconds())
