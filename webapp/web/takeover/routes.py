"""What the former address is mailed when a newer letter is to take the account over, or to leave a
space of several: a page that says how things stand, and its one button."""

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue

from webapp.rules.refusals import Refusal
from webapp.services.household import leaving
from webapp.web import screens
from webapp.web.doors import open_to_all
from webapp.web.forms import OneClickForm
from webapp.web.transactions import current_work

bp = Blueprint("takeover", __name__, url_prefix="/nouveau-courrier")


@bp.get("/<token>")
@open_to_all
def link(token: str) -> ResponseReturnValue:
    """The mail's link: changes nothing, shows one button while there is something to stop."""
    return screens.private(_screen(token))


@bp.post("/<token>")
@open_to_all
def stop(token: str) -> ResponseReturnValue:
    """« J’arrête ce changement »; the same page then says how it ended."""
    form = OneClickForm()
    try:
        form.check()
        leaving.stop(current_work(), token)
    except Refusal as refusal:
        return screens.private(_screen(token, refusal))
    return screens.private(screens.advance("takeover.link", token=token))


def _screen(token: str, refusal: Refusal | None = None) -> ResponseReturnValue:
    facts = leaving.look(current_work(), token)
    if facts.state == "unknown":
        abort(404)
    form, context = OneClickForm.blank(), {"facts": facts, "token": token}
    if refusal is not None:
        return screens.refuse("takeover/link.html", form, refusal, **context)
    return screens.show("takeover/link.html", form=form, **context)
