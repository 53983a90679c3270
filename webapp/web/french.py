"""Filters of templates: how moments, spans, addresses, events and mails are written in French."""

from datetime import timedelta

from flask import Flask

from webapp.rules import events, mails, moments, passwords, statuses, typography
from webapp.rules.credentials import masked_email
from webapp.rules.full_name import full_name
from webapp.rules.lifetimes import in_words
from webapp.web.slots import deferred


def install(app: Flask) -> None:
    """Make them filters; those of `deferred` can stand before `slot`."""
    app.jinja_env.filters.update(
        day=deferred(moments.day),
        hour=deferred(moments.hour),
        moment=deferred(moments.moment),
        span=deferred(in_words),
        seconds=deferred(whole_seconds),
        masked=deferred(masked_email),
        characters=passwords.characters,
        masked_aloud=deferred(masked_aloud),
        french=typography.french,
        full_name=full_name,
        event_words=events.told,
        mail_title=mails.title,
        situation=statuses.words,
        unbroken=typography.unbroken,
    )


def masked_aloud(address: str) -> str:
    """A masked address as it is read aloud, its dots in words."""
    return (
        masked_email(address)
        .replace("•••", ", suite cachée,")
        .replace("@", " arobase ")
        .replace(",.", ", point ")
    )


def whole_seconds(span: timedelta) -> int:
    """Its seconds, for a script that counts them."""
    return int(span.total_seconds())
