"""A line in the log for each request: which door, how it ended, how long it took. Never an address,
a query or a cookie: links carry their keys in their addresses."""

import logging
import time
from collections.abc import Callable

from flask import Flask, Response, g, request

log = logging.getLogger("portal.request")
VERBS = ("GET", "HEAD", "POST", "OPTIONS")
QUIET = ("home.health", "metrics.show")  # asked every few seconds by machines

Count = Callable[[str, int, float], None]


def install(app: Flask, count: Count | None = None) -> None:
    """Log every request. `count` is told its endpoint, status and seconds."""

    def end(response: Response) -> Response:
        if "began" in g:
            seconds = time.perf_counter() - g.began
            endpoint = request.endpoint or "none"
            _write(response.status_code, endpoint, seconds)
            if count is not None:
                count(endpoint, response.status_code, seconds)
        return response

    app.before_request(_begin)
    app.after_request(end)


def _begin() -> None:
    g.began = time.perf_counter()


def _write(status: int, endpoint: str, seconds: float) -> None:
    if endpoint in QUIET and status < 500:
        return
    log.info(
        "request",
        extra={
            "method": request.method if request.method in VERBS else "other",
            "endpoint": endpoint,
            "status": status,
            "ms": round(seconds * 1000, 1),
        },
    )
