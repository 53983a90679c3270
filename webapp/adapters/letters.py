"""Letters from their templates: `templates/mail/<name>/{subject.txt,body.txt,body.html}`.

They are written outside any request: links come from PUBLIC_URL alone, never from a Host header.
"""

from datetime import datetime, timedelta
from typing import Any

from jinja2 import Environment
from jinja2.ext import Extension

from webapp.rules.lifetimes import in_words
from webapp.rules.moments import moment
from webapp.rules.typography import french
from webapp.services.world import Letter


class FrenchTypography(Extension):
    """Puts the no-break spaces into every template as it is compiled: none can be forgotten."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """The template's source, spaced as French wants it."""
        return french(source)


class TemplateLetters:
    """Fills in the three parts of a letter. An undefined name crashes: StrictUndefined."""

    def __init__(self, environment: Environment, public_url: str):
        self._environment, self._public_url = environment, public_url.rstrip("/")

    def write(self, name: str, **facts: Any) -> Letter:
        """The letter called `name`; lifetimes and moments among the facts are put into words."""
        words = {key: _worded(value) for key, value in facts.items()}
        subject, text, html = (
            self._environment.get_template(f"mail/{name}/{part}").render(
                site=self._public_url, **words
            )
            for part in ("subject.txt", "body.txt", "body.html")
        )
        return Letter(subject.strip(), text.strip() + "\n", html.strip() + "\n")


def _worded(value: object) -> object:
    if isinstance(value, datetime):
        return moment(value)
    return in_words(value) if isinstance(value, timedelta) else value
