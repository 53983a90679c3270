"""`/journal`: what operators did, asked by operator, by member or by day."""

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue

from webapp.desk import layout
from webapp.desk.doors import open_to
from webapp.desk.journal.forms import DayForm, MemberForm, OperatorForm
from webapp.desk.journal.questions import refuse, shown
from webapp.rules.refusals import Refusal
from webapp.rules.roles import AT_THE_JOURNAL
from webapp.services.desk import audit
from webapp.web import screens
from webapp.web.transactions import current_work

bp = Blueprint("journal", __name__, url_prefix="/journal")


@bp.get("")
@open_to(*AT_THE_JOURNAL)
def page() -> ResponseReturnValue:
    """The questions, and the signs of misuse of the last 30 days."""
    return screens.show("desk/journal/page.html", form=OperatorForm, **shown())


@bp.post("/operateur")
@open_to(*AT_THE_JOURNAL)
def of_operator() -> ResponseReturnValue:
    """One operator's."""
    form = OperatorForm()
    try:
        form.check()
        token = audit.of_operator(current_work(), form.operator.normal)
    except Refusal as refusal:
        return refuse(form, refusal, of_operator=form)
    return layout.go_on("journal.read", token=token)


@bp.post("/adherent")
@open_to(*AT_THE_JOURNAL)
def of_member() -> ResponseReturnValue:
    """One member's."""
    form = MemberForm()
    try:
        form.check()
        token = audit.of_member(current_work(), form.number.normal)
    except Refusal as refusal:
        return refuse(form, refusal, of_member=form)
    return layout.go_on("journal.read", token=token)


@bp.post("/jour")
@open_to(*AT_THE_JOURNAL)
def of_day() -> ResponseReturnValue:
    """One day's."""
    form = DayForm()
    try:
        form.check()
        token = audit.of_day(current_work(), form.on.normal)
    except Refusal as refusal:
        return refuse(form, refusal, of_day=form)
    return layout.go_on("journal.read", token=token)


@bp.get("/lu/<token>")
@open_to(*AT_THE_JOURNAL)
def read(token: str) -> ResponseReturnValue:
    """The answer, fifty entries a page."""
    try:
        found = audit.page(current_work(), token, request.args.get("avant", ""))
    except LookupError:
        abort(404)
    return screens.private(screens.show("desk/journal/read.html", page=found, token=token))
