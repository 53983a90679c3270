"""`/operateurs`: the operators, each with what a supervisor may do to them."""

from flask import Blueprint, current_app
from flask.typing import ResponseReturnValue

from webapp.desk import at_work, layout
from webapp.desk.doors import open_to
from webapp.desk.operators.forms import AddForm, SeenForm
from webapp.rules.refusals import Refusal
from webapp.rules.roles import Role
from webapp.services.operators import news, staff, supervising
from webapp.services.operators.staff import Link
from webapp.web import flash, screens
from webapp.web.doors import ROW_ID
from webapp.web.forms import OneClickForm, PortalForm
from webapp.web.transactions import current_work

bp = Blueprint("operators", __name__, url_prefix="/operateurs")
DISABLED = flash.declare(
    "operateur-ferme", "C’est fait : cette personne n’entre plus au guichet, et n’y est plus."
)
SEEN = flash.declare("operateurs-vus", "C’est noté : vous avez vu ces changements.")


@bp.get("")
@open_to(Role.SUPERVISOR)
def page() -> ResponseReturnValue:
    """All of them, and a form for one more."""
    return screens.show("desk/operators/page.html", form=AddForm, **_rows())


@bp.post("")
@open_to(Role.SUPERVISOR)
def add() -> ResponseReturnValue:
    """One more: the answer, and nothing else, shows the link."""
    form = AddForm()
    try:
        form.check()
        name, role = form.name.normal, form.role.normal
        link = supervising.add(current_work(), at_work.must(), name=name, role=role)
    except Refusal as refusal:
        return screens.refuse("desk/operators/page.html", form, refusal, **_rows())
    return _once(link, name)


@bp.get(f"/<{ROW_ID}:operator_id>")
@open_to(Role.SUPERVISOR)
def one(operator_id: int) -> ResponseReturnValue:
    """One operator, named before anything is done to them."""
    return _one(operator_id, OneClickForm.blank(), None)


@bp.post(f"/<{ROW_ID}:operator_id>/cle")
@open_to(Role.SUPERVISOR)
def reset(operator_id: int) -> ResponseReturnValue:
    """A lost key: the answer, and nothing else, shows the new link."""
    form, work = OneClickForm(), current_work()
    try:
        form.check()
        name = supervising.name_of(work, operator_id)
        link = supervising.reset(work, at_work.must(), operator_id)
    except Refusal as refusal:
        return _one(operator_id, form, refusal)
    return _once(link, name)


@bp.post(f"/<{ROW_ID}:operator_id>/fermer")
@open_to(Role.SUPERVISOR)
def disable(operator_id: int) -> ResponseReturnValue:
    """Out, at once."""
    form = OneClickForm()
    try:
        form.check()
        supervising.disable(current_work(), at_work.must(), operator_id)
    except Refusal as refusal:
        return _one(operator_id, form, refusal)
    return layout.go_on("operators.page", flash=DISABLED)


@bp.post("/vu")
@open_to(Role.SUPERVISOR)
def seen() -> ResponseReturnValue:
    """What happened to operators was read."""
    form = SeenForm()
    try:
        form.check()
        news.seen(current_work(), at_work.must().operator_id, form.moment())
    except Refusal as refusal:
        return screens.refuse("desk/operators/page.html", AddForm.blank(), refusal, **_rows())
    return layout.go_on("operators.page", flash=SEEN)


def _rows() -> dict[str, object]:
    return {"operators": staff.everybody(current_work()), "roles": [(each, each) for each in Role]}


def _one(operator_id: int, form: PortalForm, refusal: Refusal | None) -> ResponseReturnValue:
    rows = staff.everybody(current_work())
    row = next((each for each in rows if each.id == operator_id), None)
    if row is None or row.disabled_at:
        return layout.go_on("operators.page")
    if refusal is None:
        return screens.show("desk/operators/one.html", form=form, operator=row)
    return screens.refuse("desk/operators/one.html", form, refusal, operator=row)


def _once(link: Link, name: str) -> ResponseReturnValue:
    address = current_app.extensions["portal_settings"].desk_url
    shown = screens.show("desk/operators/link.html", link=link, name=name, address=address)
    return screens.private(shown)
