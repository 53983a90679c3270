"""The cookie of the owner's own tries: a pass, an hour long (services/own_tries.py)."""

from typing import Any

from flask import Flask, Response, current_app, g, request

from webapp.rules import lifetimes
from webapp.services import own_tries
from webapp.web import cookies
from webapp.web.transactions import current_work

_LONGEST = 400  # signs: what we never wrote is not looked at


def _name() -> str:
    return "__Host-tries" if current_app.config["SESSION_COOKIE_SECURE"] else "tries"


def value() -> str | None:
    """The pass that this browser holds, None without one."""
    held = request.cookies.get(_name(), "")
    return held if 0 < len(held) <= _LONGEST else None


def give(account_id: int) -> None:
    """Have this answer give the browser tries of its own at this account."""
    g.own_tries_cookie = own_tries.give(current_work(), account_id)


def give_for(token: str) -> bool:
    """The same for the link of a mail; False when that is late or not ours."""
    g.own_tries_cookie = own_tries.exchange(current_work(), token)
    return g.own_tries_cookie is not None


def install(app: Flask) -> None:
    """Write the cookie on the answers that asked for it."""

    def write(response: Response) -> Response:
        held: Any = g.pop("own_tries_cookie", None)
        if held is not None and response.status_code < 500:
            cookies.write(response, _name(), held, lifetimes.OWN_TRIES)
        return response

    app.after_request(write)
