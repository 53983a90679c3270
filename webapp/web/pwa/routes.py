"""The manifest, the service worker and the page for a lost network. None of them knows anybody."""

from flask import Blueprint, Response, make_response, render_template

from webapp.web import screens
from webapp.web.doors import open_to_all

bp = Blueprint("pwa", __name__)


@bp.get("/manifest.webmanifest")
@open_to_all
def manifest() -> Response:
    """What a phone needs to keep the portal among its applications."""
    return _file("pwa/manifest.webmanifest", "application/manifest+json")


@bp.get("/sw.js")
@open_to_all
def worker() -> Response:
    """The service worker: it keeps the static files and the page without network, nothing else."""
    return _file("pwa/sw.js", "text/javascript")


@bp.get("/hors-ligne")
@open_to_all
def offline() -> str:
    """Shown by the service worker when the network is away."""
    return screens.show("pwa/offline.html")


def _file(template: str, kind: str) -> Response:
    response = make_response(render_template(template))
    response.mimetype = kind
    return response
