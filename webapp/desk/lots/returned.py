"""`/lots/retours`: letters that the post brought back, by a scanned or pasted list."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from webapp.desk import at_work, layout, pairs
from webapp.desk.doors import open_to
from webapp.desk.lots.forms import ReturnedForm
from webapp.rules.refusals import Refusal
from webapp.rules.roles import AT_THE_PRINTER
from webapp.services.desk import looks, returns
from webapp.services.desk.returns import Scanned
from webapp.web import flash, screens
from webapp.web.transactions import current_work

bp = Blueprint("lots_returned", __name__, url_prefix="/lots")
A_LOOK = 10  # lines that are nobody's: as a search that finds nobody
NOTED = flash.declare(
    "retour-note",
    "C’est noté : ce courrier est revenu, son code ne marche plus. Un autre sera fait quand "
    "l’adresse aura changé dans le fichier.",
)
UNWRITTEN = flash.declare(
    "retour-jamais-ecrit",
    "Rien n’est noté : cet adhérent n’a jamais eu de courrier. Vérifiez le numéro.",
    warning=True,
)


@bp.get("/retours")
@open_to(*AT_THE_PRINTER)
def page() -> ResponseReturnValue:
    """A place for the list."""
    return screens.show("desk/lots/returned.html", form=ReturnedForm, scanned=None)


@bp.post("/retours")
@open_to(*AT_THE_PRINTER)
def note() -> ResponseReturnValue:
    """Check the list; then note one letter, or ask a second operator to note several."""
    form, work = ReturnedForm(), current_work()
    scanned: Scanned | None = None
    try:
        form.check()
        scanned = _read(form)
        if form.step.data != "note":
            return screens.show("desk/lots/returned.html", form=form, scanned=scanned)
        came = returns.note(work, scanned.known, form.reason.normal)
    except Refusal as refusal:
        return screens.refuse("desk/lots/returned.html", form, refusal, scanned=scanned)
    if came is None:
        return layout.go_on("lots.page", pairs.ASKED)
    return layout.go_on("lots.page", UNWRITTEN if came[0].unwritten else NOTED)


def _read(form: ReturnedForm) -> Scanned:
    """Who tries numbers learns no more from a list than from a search, at either step."""
    scanned = returns.read(current_work(), form.lines)
    for _ in range(-(-len(scanned.unknown) // A_LOOK)):
        looks.spend(current_work(), at_work.must().operator_id)
    return scanned
