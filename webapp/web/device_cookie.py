"""The cookie of a remembered device: a random secret, whose row is in the store."""

from datetime import timedelta

from flask import request

from webapp.web import cookies

_NAME = "device"


def secret() -> str | None:
    """The secret that this browser holds, None for a stranger."""
    value = request.cookies.get(cookies.named(_NAME), "")
    return value if 20 <= len(value) <= 100 else None


def keep(value: str, life: timedelta) -> None:
    """Have this answer give the browser its secret."""
    cookies.later(_NAME, value, life)


def drop() -> None:
    """Have this answer take the secret away."""
    cookies.later(_NAME, "", timedelta(0))
