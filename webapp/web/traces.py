"""Request log and counters: for each request its endpoint, its status and how long it took.

Never an address, a query or a cookie: links carry their keys in their addresses.
"""

import hmac
import logging
import time
from typing import Protocol

from flask import Blueprint, Flask, Response, abort, current_app, g, make_response, request

from webapp.services import figures
from webapp.web.doors import open_to_all
from webapp.web.transactions import current_work

log = logging.getLogger("portal.request")
bp = Blueprint("traces", __name__)
VERBS = ("GET", "HEAD", "POST", "OPTIONS")
QUIET = ("home.health", "traces.metrics")  # asked every few seconds by machines


class Meters(Protocol):
    """Counts of this portal's processes on this host (adapters/meters.py)."""

    def request(self, endpoint: str, status: int, seconds: float) -> None:
        """One more request."""

    def lines(self) -> list[str]:
        """All counts, in the text format of OpenMetrics, without its end."""


def install(app: Flask, meters: Meters | None, token: str) -> None:
    """Trace every request. Without a token nothing is metered and `/metrics` does not exist."""
    app.extensions["portal_meters"] = (meters, token)
    app.before_request(_begin)
    app.after_request(_end)
    if token:
        app.register_blueprint(bp)


@bp.get("/metrics")
@open_to_all
def metrics() -> Response:
    """The meters in OpenMetrics, for whoever brings `Authorization: Bearer METRICS_TOKEN`."""
    meters, token = current_app.extensions["portal_meters"]
    brought = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not hmac.compare_digest(brought.encode(), token.encode()):
        abort(404)
    text = "\n".join([*meters.lines(), *figures.lines(current_work()), "# EOF"]) + "\n"
    kind = "application/openmetrics-text; version=1.0.0; charset=utf-8"
    return make_response(text, 200, {"Content-Type": kind})


def _begin() -> None:
    g.began = time.perf_counter()


def _end(response: Response) -> Response:
    if "began" not in g:
        return response
    seconds = time.perf_counter() - g.began
    endpoint = request.endpoint or "none"
    if endpoint not in QUIET or response.status_code >= 500:
        log.info(
            "request",
            extra={
                "method": request.method if request.method in VERBS else "other",
                "endpoint": endpoint,
                "status": response.status_code,
                "ms": round(seconds * 1000, 1),
            },
        )
    meters, _ = current_app.extensions["portal_meters"]
    if meters is not None:
        meters.request(endpoint, response.status_code, seconds)
    return response
