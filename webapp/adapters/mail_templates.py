"""Mails from their templates: `templates/mail/<name>/{subject.txt,body.txt,body.html}`.

They are written outside any request: links come from PUBLIC_URL alone, never from a Host header.
"""

from datetime import datetime, timedelta

from jinja2 import Environment
from jinja2.ext import Extension

from webapp.adapters import compiled_templates
from webapp.rules import mails
from webapp.rules.lifetimes import in_words
from webapp.rules.moments import moment
from webapp.rules.typography import french
from webapp.services.kernel.world import Mail


class FrenchTypography(Extension):
    """Puts the no-break spaces into every template as it is compiled: none can be forgotten."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """The template's source, spaced as French wants it."""
        return french(source)


class JinjaMailTemplates:
    """Fills in the three parts of a mail. An undefined name crashes: StrictUndefined."""

    def __init__(self, environment: Environment, public_url: str):
        self._environment, self._public_url = environment, public_url.rstrip("/")

    def load(self) -> None:
        """Load every mail's templates for good, as they are now."""
        compiled_templates.load(self._environment, lambda name: name.startswith("mail/"))

    def write(self, name: str, at: datetime, /, **facts: object) -> Mail:
        """The mail called `name`, of what happened `at` this moment; lifetimes and moments among
        the facts are put into words.

        Raises ValueError for a mail, or for facts, that rules/mails.py does not declare.
        """
        mails.check(name, facts)
        words = {key: _worded(value) for key, value in facts.items()}
        subject, text, html = (
            self._environment.get_template(f"mail/{name}/{part}").render(
                site=self._public_url, at=moment(at), **words
            )
            for part in ("subject.txt", "body.txt", "body.html")
        )
        return Mail(subject.strip(), text.strip() + "\n", html.strip() + "\n")


def _worded(value: object) -> object:
    if isinstance(value, datetime):
        return moment(value)
    return in_words(value) if isinstance(value, timedelta) else value
