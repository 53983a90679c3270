"""Routes whose addresses are put together by code that is made at their first use.

Werkzeug writes, parses and compiles two functions a route when the application starts; with all our
routes that took as long as importing Flask, for functions most of which a process never calls.
"""

from collections.abc import Callable

from werkzeug.routing import Rule

Builder = Callable[..., tuple[str, str]]


class LateRule(Rule):
    """A rule like any other, but for when its two builders are compiled."""

    def _compile_builder(self, append_unknown: bool = True) -> Builder:
        made: Builder | None = None
        compiled = super()._compile_builder

        def build(rule: Rule, /, **values: object) -> tuple[str, str]:
            nonlocal made
            if made is None:
                made = compiled(append_unknown)
            return made(rule, **values)

        return build
