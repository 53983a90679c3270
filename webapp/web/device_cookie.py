"""The cookie of a remembered device: a random secret, whose row is in the store."""

from datetime import timedelta
from typing import Any

from flask import Flask, Response, current_app, g, request

from webapp.web import cookies


def _name() -> str:
    return "__Host-device" if current_app.config["SESSION_COOKIE_SECURE"] else "device"


def secret() -> str | None:
    """The secret that this browser holds, None for a stranger."""
    value = request.cookies.get(_name(), "")
    return value if 20 <= len(value) <= 100 else None


def keep(value: str, life: timedelta) -> None:
    """Have this answer give the browser its secret."""
    g.device_cookie = (value, life)


def drop() -> None:
    """Have this answer take the secret away."""
    g.device_cookie = ("", timedelta(0))


def install(app: Flask) -> None:
    """Write the cookie on the answers that asked for it."""

    def write(response: Response) -> Response:
        cookie: Any = g.pop("device_cookie", None)
        if cookie is not None and response.status_code < 500:
            cookies.write(response, _name(), *cookie)
        return response

    app.after_request(write)
