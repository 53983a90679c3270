"""New terms: shown once both steps of the sign-in are right, before the space opens."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from webapp.rules.ranks import Rank
from webapp.rules.refusals import Refusal
from webapp.services.account import terms
from webapp.web import flash, screens, sessions
from webapp.web.doors import open_to
from webapp.web.forms import OneClickForm
from webapp.web.new_terms.forms import NewTermsForm
from webapp.web.transactions import current_work

bp = Blueprint("new_terms", __name__, url_prefix="/connexion/conditions")

ACCEPTED = flash.declare("conditions", "Merci : vous avez accepté les nouvelles conditions.")
ALREADY = flash.declare(
    "deja_accepte", "Vous avez déjà accepté les nouvelles conditions dans une autre page."
)


@bp.get("")
@open_to(Rank.TERMS)
def page() -> ResponseReturnValue:
    """What changed, the whole text, and the box to tick."""
    return screens.show("new_terms/page.html", form=NewTermsForm.blank(), **_context())


@bp.post("")
@open_to(Rank.TERMS, late_notice=ALREADY)
def accept() -> ResponseReturnValue:
    """« Continuer »: into the space."""
    form = NewTermsForm()
    try:
        form.check()
        token, facts = terms.accept(
            current_work(), sessions.member(), version=form.version.data or ""
        )
    except Refusal as refusal:
        if refusal.key == "terms_over":
            return screens.send_to("space.page", flash=ALREADY)
        if refusal.key == "terms_newer":
            form = NewTermsForm.blank()  # nothing is ticked under a text not read yet
        return _refused(form, refusal)
    sessions.enter(token, facts)
    return screens.advance("space.page", flash=ACCEPTED)


@bp.get("/refus")
@open_to(Rank.TERMS)
def declined() -> ResponseReturnValue:
    """What is still possible."""
    return screens.show("new_terms/declined.html")


@bp.post("/refus")
@open_to(Rank.TERMS, late_notice=ALREADY)
def decline() -> ResponseReturnValue:
    """« Je n’accepte pas »."""
    try:
        OneClickForm().check()
    except Refusal as refusal:
        return _refused(NewTermsForm.blank(), refusal)
    terms.decline(current_work(), sessions.member())
    return screens.advance("new_terms.declined")


def _refused(form: NewTermsForm, refusal: Refusal) -> ResponseReturnValue:
    return screens.refuse("new_terms/page.html", form, refusal, **_context())


def _context() -> dict[str, object]:
    return {"terms": current_work().world.terms}
