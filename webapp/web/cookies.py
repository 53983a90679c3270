"""How every cookie of ours is written: out of scripts' reach, for this site alone."""

from datetime import timedelta
from typing import Literal

from flask import Response, current_app


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
