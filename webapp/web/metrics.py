"""`/metrics`: what a monitoring system reads, in OpenMetrics. Without a token there is none."""

import hmac
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Protocol

from flask import Blueprint, Flask, Response, abort, current_app, make_response, request

from webapp.services.kernel import gauges
from webapp.services.kernel.work import Work
from webapp.web.doors import open_to_all
from webapp.web.transactions import current_work

bp = Blueprint("metrics", __name__)


OfDesk = Callable[[Work], Mapping[str, int]]


class Metrics(Protocol):
    """Counts of requests (adapters/metrics/requests.py)."""

    content_type: str

    def text(self, figures: gauges.Figures) -> bytes:
        """All counts and the database's figures."""


def install(app: Flask, metrics: Metrics, token: str, of_desk: OfDesk) -> None:
    """Have the page, for whoever brings the token. `of_desk`: the signs of misuse at the desk."""
    app.extensions["portal_metrics"] = (metrics, token, of_desk)
    app.register_blueprint(bp)


@bp.get("/metrics")
@open_to_all
def show() -> Response:
    """The counts, for whoever brings `Authorization: Bearer METRICS_TOKEN`."""
    metrics, token, of_desk = current_app.extensions["portal_metrics"]
    brought = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not hmac.compare_digest(brought.encode(), token.encode()):
        abort(404)
    work = current_work()
    text = metrics.text(replace(gauges.read(work), desk=of_desk(work)))
    return make_response(text, 200, {"Content-Type": metrics.content_type})
