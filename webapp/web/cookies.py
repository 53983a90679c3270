"""How every cookie of ours is written: out of scripts' reach, for this site alone."""

from datetime import timedelta
from typing import Literal

from flask import Flask, Response, current_app, g


def write(
    response: Response,
    name: str,
    value: str,
    life: timedelta | None,
    *,
    path: str = "/",
    same_site: Literal["Lax", "Strict"] = "Lax",
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


def named(name: str) -> str:
    """The cookie's whole name: bound to this very host where the portal is served over TLS."""
    return f"__Host-{name}" if current_app.config["SESSION_COOKIE_SECURE"] else name


def later(name: str, value: str, life: timedelta) -> None:
    """Have this request's answer write the cookie, unless it fails."""
    g.setdefault("cookies", {})[name] = (value, life)


def install(app: Flask) -> None:
    """Write the cookies on the answers that asked for them."""

    def written(response: Response) -> Response:
        asked: dict[str, tuple[str, timedelta]] = g.pop("cookies", {})
        if response.status_code < 500:
            for name, (value, life) in asked.items():
                write(response, named(name), value, life)
        return response

    app.after_request(written)
