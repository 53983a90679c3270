"""`/imports/<…>/apercu`: the members whom an uploaded roll changes, within the budget of looks."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from webapp.desk import at_work
from webapp.desk.doors import open_to
from webapp.desk.imports import reading
from webapp.rules import statuses
from webapp.rules.refusals import Refusal
from webapp.rules.roles import AT_THE_PRINTER
from webapp.services.desk import roll_preview, uploads
from webapp.web import flash, screens
from webapp.web.forms import OneClickForm
from webapp.web.transactions import current_work

bp = Blueprint("imports_looking", __name__, url_prefix="/imports")
OVER = flash.declare("apercu-fini", "Ce fichier n’attend plus d’être importé.", warning=True)


@bp.post("/<upload_id>/apercu")
@open_to(*AT_THE_PRINTER)
def members(upload_id: str) -> ResponseReturnValue:
    """The first of them, before and after: each ten are a look."""
    form, work = OneClickForm(), current_work()
    try:
        upload = uploads.find(work, upload_id)
    except Refusal:
        form.check()
        return screens.send_to("imports.page", flash=OVER)
    try:
        form.check()
        shown = roll_preview.members(work, upload_id, opens=reading.open_roll)
    except Refusal as refusal:
        facts = {"upload": upload, "me": at_work.must(), "now": work.now}
        return screens.refuse("desk/imports/one.html", form, refusal, **facts)
    return screens.show(
        "desk/imports/members.html", upload=upload, shown=shown, statuses=statuses.WORDS
    )
