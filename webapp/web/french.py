"""How moments, spans, counts, events and mails are told in French, for templates."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from flask import Flask

from webapp.rules import events, mails
from webapp.rules.lifetimes import in_words
from webapp.rules.moments import day, hour, moment
from webapp.rules.typography import french

__all__ = ["counted", "day", "hour", "install", "lasting", "moment", "said"]

T = TypeVar("T")


def install(app: Flask) -> None:
    """Make them filters."""

    def span(value: timedelta) -> str:
        return in_words(value)

    app.jinja_env.filters.update(day=day, hour=hour, moment=moment, span=span, french=french)
    app.jinja_env.filters.update(event_words=events.told, mail_title=mails.title)


def said(how: Callable[[T], str], value: T | None) -> str:
    """The words for a value, "" for none."""
    return "" if value is None else how(value)


def counted(one: str, many: str, count: int) -> dict[str, str]:
    """Two words of which a page says one at most: `one` for 1, `many` with the count above."""
    return {one: "1" if count == 1 else "", many: str(count) if count > 1 else ""}


def lasting(ends: datetime | None, now: datetime) -> dict[str, str]:
    """How long a code may be used yet: `seconds`, `span` in words, and `until` which hour; "" once
    it is over."""
    if ends is None or ends <= now:
        return dict.fromkeys(("seconds", "span", "until"), "")
    left = ends - now
    return {
        "seconds": str(int(left.total_seconds())), "span": in_words(left), "until": hour(ends)
    }  # fmt: skip
