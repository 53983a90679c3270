"""`/demo`: choose a role. There is no such page outside the demonstration."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from webapp.desk import at_work
from webapp.desk.doors import open_to_strangers
from webapp.rules.roles import Role
from webapp.services.operators import demo
from webapp.web import screens
from webapp.web.forms import OneClickForm
from webapp.web.transactions import current_work

bp = Blueprint("demo", __name__, url_prefix="/demo")


@bp.post("/<any(conseiller, superviseur, courrier, auditeur):role>")
@open_to_strangers
def choose(role: str) -> ResponseReturnValue:
    """At work in this role."""
    OneClickForm().check()
    at_work.come(demo.at_work(current_work(), Role(role)))
    return screens.send_to("home.page")
