"""`/journal/export`: the journal of a period, as a signed file."""

from functools import partial

from flask import Blueprint, Response, current_app
from flask.typing import ResponseReturnValue

from webapp.desk import at_work
from webapp.desk.doors import open_to
from webapp.desk.journal.forms import PeriodForm
from webapp.desk.journal.questions import refuse
from webapp.rules.refusals import Refusal
from webapp.rules.roles import AT_THE_JOURNAL
from webapp.services.desk import export as service
from webapp.services.kernel.work import Work
from webapp.web.transactions import current_work

bp = Blueprint("journal_export", __name__, url_prefix="/journal")


@bp.post("/export")
@open_to(*AT_THE_JOURNAL)
def export() -> ResponseReturnValue:
    """The file, sent while it is read."""
    form, who = PeriodForm(), at_work.must()
    try:
        form.check()
        first, last = form.first_day.normal, form.last_day.normal
        period = service.ask(current_work(), first, last, by=who.name)
    except Refusal as refusal:
        return refuse(form, refusal, of_period=form)
    engine, world = current_app.extensions["portal"]
    answer = Response(
        service.lines(partial(Work, engine, world, reading=True), period),
        mimetype="application/jsonl",
        direct_passthrough=True,  # as it is read: whoever compresses would take it whole
    )
    name = f"journal-{first.isoformat()}-{last.isoformat()}.jsonl"
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer
