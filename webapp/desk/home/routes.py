"""`/`, and `/sante`."""

from flask import Blueprint, Response, abort, make_response
from flask.typing import ResponseReturnValue

from webapp.desk.doors import open_to, open_to_strangers
from webapp.rules.roles import EVERYBODY
from webapp.services.mail import outbox
from webapp.web import screens
from webapp.web.transactions import current_work

bp = Blueprint("home", __name__)


@bp.get("/")
@open_to(*EVERYBODY)
def page() -> ResponseReturnValue:
    """Where an operator begins."""
    return screens.show("desk/home/page.html")


@bp.get("/sante")
@open_to_strangers
def health() -> Response:
    """200 « ok » when the database answers and there is room to write."""
    if not outbox.is_writable(current_work()):
        abort(503)
    return make_response("ok", 200, {"Content-Type": "text/plain; charset=utf-8"})
