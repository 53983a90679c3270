"""Flask, less what no page of ours needs."""

from collections.abc import Callable
from typing import Any

from flask import Flask

from webapp.web.late_rules import LateRule
from webapp.web.plain_environment import PlainEnvironment


class Application(Flask):
    """The portal's Flask."""

    url_rule_class = LateRule
    jinja_environment = PlainEnvironment

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function itself: none of ours is a coroutine, and Flask would ask a dozen times a
        request."""
        return func
