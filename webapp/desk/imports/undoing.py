"""`/imports/faits/<number>`: an import, and its undoing by two operators."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from webapp.cli.roll_history import AGAINST
from webapp.desk import at_work, layout, pairs
from webapp.desk.doors import open_to
from webapp.desk.fields import ReasonForm
from webapp.rules.refusals import Refusal
from webapp.rules.roles import AT_THE_PRINTER
from webapp.services.desk import roll_undo
from webapp.services.roll import imports, undo
from webapp.services.roll.undo import UndoRefused
from webapp.web import flash, screens
from webapp.web.doors import ROW_ID
from webapp.web.transactions import current_work

bp = Blueprint("imports_undoing", __name__, url_prefix="/imports")
GONE = flash.declare(
    "import-inconnu", "Cet import n’est plus dans la liste : 30 jours sont passés.", warning=True
)
NOT_DONE = flash.declare(
    "annulation-impossible",
    "Rien n’a été fait : cette demande n’attend plus, elle est la vôtre, ou l’import ne peut plus "
    "être annulé en entier.",
    warning=True,
)


@bp.get(f"/faits/<{ROW_ID}:import_id>")
@open_to(*AT_THE_PRINTER)
def page(import_id: int) -> ResponseReturnValue:
    """What it did, and what undoing it would do now."""
    facts = _facts(import_id)
    if facts is None:
        return screens.send_to("imports.page", flash=GONE)
    return screens.show("desk/imports/undo.html", form=ReasonForm, **facts)


@bp.post(f"/faits/<{ROW_ID}:import_id>")
@open_to(*AT_THE_PRINTER)
def ask(import_id: int) -> ResponseReturnValue:
    """Ask a second operator to undo it."""
    form = ReasonForm()
    try:
        form.check()
        roll_undo.ask(current_work(), import_id, form.reason.normal)
    except UndoRefused:
        return _refused(form, Refusal("desk_undo_refused"), import_id)
    except Refusal as refusal:
        return _refused(form, refusal, import_id)
    return layout.go_on("imports.page", pairs.ASKED)


def _refused(form: ReasonForm, refusal: Refusal, import_id: int) -> ResponseReturnValue:
    facts = _facts(import_id)
    if facts is None:
        return screens.send_to("imports.page", flash=GONE)
    return screens.refuse("desk/imports/undo.html", form, refusal, **facts)


def _facts(import_id: int) -> dict[str, object] | None:
    work = current_work()
    kept = imports.find(work, import_id)
    if kept is None:
        return None
    facts: dict[str, object] = {"kept": kept, "me": at_work.must(), "planned": None}
    facts["against"], facts["why"], facts["words"] = (), "", AGAINST
    try:
        facts["planned"] = undo.plan(work, import_id)
    except UndoRefused as refused:
        facts["why"], facts["against"] = refused.key, refused.conflicts
    return facts


@bp.post(f"/demandes/<{ROW_ID}:request_id>/<any(accepter, refuser):what>")
@open_to(*AT_THE_PRINTER)
def answer(request_id: int, what: str) -> ResponseReturnValue:
    """The second operator agrees, or does not."""
    told = pairs.answered(request_id, [roll_undo.DEED], what, NOT_DONE)
    return layout.go_on("imports.page", told)
