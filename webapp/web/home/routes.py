"""Pages that belong to nobody: home, help, accessibility, health."""

from datetime import timedelta
from http import HTTPStatus

from flask import Blueprint, Response, abort, current_app, make_response, redirect, url_for
from flask.typing import ResponseReturnValue

from webapp.rules.retention import SHOWN
from webapp.services.mail import outbox
from webapp.web import screens
from webapp.web.doors import open_to_all
from webapp.web.headers import FOUND
from webapp.web.home import help as help_page
from webapp.web.transactions import current_work

bp = Blueprint("home", __name__)

SECURITY_TXT = timedelta(days=180)  # less than the year that RFC 9116 allows


@bp.get("/")
@open_to_all
def page() -> str:
    """Screen 1: the mutual's home page."""
    return screens.show("home/page.html")


@bp.get("/aide")
@open_to_all
def steps() -> str:
    """The same steps as on paper, for members."""
    return screens.show("home/help.html", questions=help_page.arranged())


@bp.get("/accessibilite")
@open_to_all
def accessibility() -> str:
    """The statutory statement."""
    return screens.show("home/accessibility.html")


@bp.get("/cgu")
@open_to_all
def terms() -> str:
    """The terms in force, to read and to print."""
    return screens.show("home/terms.html", terms=current_work().world.terms)


@bp.get("/mentions-legales")
@open_to_all
def legal() -> str:
    """Who publishes the site, and who hosts it."""
    return screens.show("home/legal.html")


@bp.get("/donnees-personnelles")
@open_to_all
def privacy() -> str:
    """What is kept of members, why, how long, and what they may ask."""
    return screens.show("home/privacy.html", kept=SHOWN)


@bp.get("/plan-du-site")
@open_to_all
def site_map() -> str:
    """The pages that begin something."""
    return screens.show("home/site_map.html")


@bp.get("/sante")
@open_to_all
def health() -> Response:
    """200 « ok » when the database and the outbox answer and there is room to write; the error
    page says 503 otherwise."""
    if not outbox.is_writable(current_work()):
        abort(503)
    return make_response("ok", 200, {"Content-Type": "text/plain; charset=utf-8"})


@bp.get("/.well-known/security.txt")
@open_to_all
def security() -> Response:
    """Where to tell of a weakness (RFC 9116). It holds for half a year from whenever it is read."""
    contact = current_app.jinja_env.globals["brand"].email  # type: ignore[attr-defined]
    site = current_app.extensions["portal_settings"].public_url
    until = (current_work().now + SECURITY_TXT).strftime("%Y-%m-%dT00:00:00Z")
    text = (
        f"Contact: mailto:{contact}\nExpires: {until}\nPreferred-Languages: fr, en\n"
        f"Canonical: {site}/.well-known/security.txt\n"
    )
    return make_response(text, 200, {"Content-Type": "text/plain; charset=utf-8"})


@bp.get("/.well-known/change-password")
@open_to_all
def change_password() -> ResponseReturnValue:
    """Where password managers send who wants another password (W3C, a well-known URL for changing
    passwords). Who is not signed in comes to the sign-in first."""
    return redirect(url_for("security.new_password"), HTTPStatus.SEE_OTHER)


@bp.get("/robots.txt")
@open_to_all
def robots() -> Response:
    """Search engines may know the pages before the space and what these are drawn with."""
    allowed = "".join(f"Allow: {path}$\n" for path in FOUND)
    return make_response(
        f"User-agent: *\n{allowed}Allow: /static/\nDisallow: /\n",
        200,
        {"Content-Type": "text/plain; charset=utf-8"},
    )
