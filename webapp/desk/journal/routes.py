"""`/journal`: what operators did, asked by operator, by member or by day."""

from collections.abc import Callable

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
from webapp.web.forms import PortalForm
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
    return _ask(
        "of_operator", form, lambda: audit.of_operator(current_work(), form.operator.normal)
    )


@bp.post("/adherent")
@open_to(*AT_THE_JOURNAL)
def of_member() -> ResponseReturnValue:
    """One member's."""
    form = MemberForm()
    return _ask("of_member", form, lambda: audit.of_member(current_work(), form.number.normal))


@bp.post("/jour")
@open_to(*AT_THE_JOURNAL)
def of_day() -> ResponseReturnValue:
    """One day's."""
    form = DayForm()
    return _ask("of_day", form, lambda: audit.of_day(current_work(), form.on.normal))


def _ask(name: str, form: PortalForm, ask: Callable[[], str]) -> ResponseReturnValue:
    """On to the answer, whose token `ask` returns; for a refusal the page, this form as typed."""
    try:
        form.check()
        token = ask()
    except Refusal as refusal:
        return refuse(form, refusal, **{name: form})
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
