"""« C’est bien vous ? »: the present password, asked again before what is sensitive.

Doors marked `proved=` lead here when the last proof is older than ten minutes, and back.
"""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from webapp.rules import lifetimes
from webapp.rules.ranks import Rank
from webapp.rules.refusals import Refusal
from webapp.services import proof
from webapp.web import doors, screens, sessions
from webapp.web.doors import open_to
from webapp.web.proof.forms import ProofForm
from webapp.web.transactions import current_work

bp = Blueprint("proof", __name__, url_prefix="/espace/preuve")


@bp.get("")
@open_to(Rank.MEMBER, Rank.TERMS)
def page() -> ResponseReturnValue:
    """Ask the present password, unless it was given a moment ago."""
    if doors.is_proved():
        return screens.send_to(doors.way_back(request.args.get("suite", "")))
    return screens.show("proof/page.html", form=ProofForm.blank(), **_context())


@bp.post("")
@open_to(Rank.MEMBER, Rank.TERMS)
def give() -> ResponseReturnValue:
    """« Continuer »."""
    form = ProofForm()
    try:
        form.check()
        proof.give(current_work(), sessions.must(), password=form.present_password.data)
    except Refusal as refusal:
        return screens.refuse("proof/page.html", form, refusal, **_context())
    sessions.look_again()
    return screens.advance(doors.way_back(request.args.get("suite", "")))


def _context() -> dict[str, object]:
    return {"way_back": doors.way_back(request.args.get("suite", "")), "life": lifetimes.PROOF}
