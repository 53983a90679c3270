"""Pages that belong to nobody: home, help, accessibility, health."""

from flask import Blueprint, Response, make_response
from sqlalchemy import select

from webapp.models import OutboxLetter
from webapp.rules.procedure import PROCEDURES
from webapp.web import screens
from webapp.web.doors import open_to_all
from webapp.web.transactions import current_work

bp = Blueprint("home", __name__)


@bp.get("/")
@open_to_all
def page() -> str:
    """Screen 1: the mutual's home page."""
    return screens.show("home/page.html")


@bp.get("/aide")
@open_to_all
def steps() -> str:
    """The same steps as on paper, for members."""
    return screens.show("home/help.html", procedures=PROCEDURES)


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


@bp.get("/sante")
@open_to_all
def health() -> Response:
    """200 « ok » when the database and the outbox answer; the error page says 503 otherwise."""
    current_work().db.execute(select(OutboxLetter.id).limit(1)).first()
    return make_response("ok", 200, {"Content-Type": "text/plain; charset=utf-8"})


@bp.get("/robots.txt")
@open_to_all
def robots() -> Response:
    """Search engines may know the home page, nothing behind it."""
    return make_response(
        "User-agent: *\nAllow: /$\nDisallow: /\n",
        200,
        {"Content-Type": "text/plain; charset=utf-8"},
    )
