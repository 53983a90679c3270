"""How every cookie of ours is written: out of scripts' reach, for this site alone."""

from datetime import timedelta
from typing import Literal

from flask import Flask, Response, current_app, g

SameSite = Literal["Lax", "Strict"]


def write(
    response: Response,
    name: str,
    value: str,
    life: timedelta | None,
    *,
    path: str = "/",
    same_site: SameSite = "Lax",
) -> None:
    """Have the browser keep `value` for `life`: until it is closed when None, not at all when
    nothing is left of it."""
    response.set_cookie(
        name,
        value,
        max_age=None if life is None else max(int(life.total_seconds()), 0),
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite=same_site,
        path=path,
    )


def named(name: str, path: str = "/") -> str:
    """The cookie's whole name where the portal is served over TLS: bound to this very host, or, for
    one that goes to a part of the site alone, to what TLS carried."""
    if not current_app.config["SESSION_COOKIE_SECURE"]:
        return name
    return f"__Host-{name}" if path == "/" else f"__Secure-{name}"


def later(
    name: str, value: str, life: timedelta, *, path: str = "/", same_site: SameSite = "Lax"
) -> None:
    """Have this request's answer write the cookie, unless it fails."""
    g.setdefault("cookies", {})[name] = (value, life, path, same_site)


def install(app: Flask) -> None:
    """Write the cookies on the answers that asked for them."""

    def written(response: Response) -> Response:
        asked: dict[str, tuple[str, timedelta, str, SameSite]] = g.pop("cookies", {})
        if response.status_code < 500:
            for name, (value, life, path, same_site) in asked.items():
                whole = named(name, path)
                write(response, whole, value, life, path=path, same_site=same_site)
        return response

    app.after_request(written)
