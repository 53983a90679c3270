"""`/imports`: a roll is uploaded, tried, imported by a second operator."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, make_response, request
from flask.typing import ResponseReturnValue

from webapp.desk import at_work, layout, pairs
from webapp.desk.doors import may_enter, open_to, to_the_sign_in
from webapp.desk.imports import reading
from webapp.desk.imports.forms import PARSER_BYTES, UPLOAD_BYTES, ApplyForm, UploadForm
from webapp.rules.refusals import Refusal
from webapp.rules.roles import AT_THE_PRINTER
from webapp.services.desk import roll_apply, roll_undo, uploads
from webapp.services.desk.roll_trial import Reading, play
from webapp.services.roll import imports
from webapp.services.roll.report import RollRefused, Source
from webapp.web import flash, screens
from webapp.web.forms import OneClickForm
from webapp.web.transactions import current_work, new_work

bp = Blueprint("imports", __name__, url_prefix="/imports")
UPLOADED = flash.declare(
    "depot-fait",
    "Le fichier est déposé, et rien n’est importé. Relisez ce qu’il changerait ; un autre "
    "opérateur l’importe, dans les 24 heures.",
)
OVER = flash.declare(
    "depot-fini",
    "Ce fichier n’attend plus : il a été importé ou abandonné, ou ses 24 heures sont passées.",
    warning=True,
)
DROPPED = flash.declare("depot-abandon", "Le fichier est effacé. Rien n’a été importé.")
ACCEPTED = flash.declare("depot-alerte", "L’alerte est acceptée : elle n’arrête plus l’import.")
IMPORTED = flash.declare("depot-importe", "L’import est fait. Le fichier déposé est effacé.")


@bp.url_value_preprocessor
def _room(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """A roll is larger than any other form, and is read before a door is asked: there is room for
    it only for who may upload one. Whose session ended is told so, not that it is too long."""
    if endpoint != "imports.upload" or request.method != "POST":
        return
    who = at_work.current()
    if who and may_enter(endpoint, who.role):
        request.max_content_length = UPLOAD_BYTES
        request.max_form_memory_size = PARSER_BYTES
        return
    if who is None or (request.content_length or 0) > (request.max_content_length or 0):
        _pass_over()
    if who is None:
        abort(make_response(to_the_sign_in()))


def _pass_over() -> None:
    """Read the file and forget it. What nobody reads resets the connection, and the proxy, which
    is still sending, would say 502 in place of our answer."""
    left = min(request.content_length or 0, UPLOAD_BYTES)
    while left > 0 and (part := request.environ["wsgi.input"].read(min(left, PARSER_BYTES))):
        left -= len(part)


@bp.get("")
@open_to(*AT_THE_PRINTER)
def page() -> ResponseReturnValue:
    """What waits, what was imported, and a place to upload a roll."""
    return screens.show("desk/imports/page.html", form=UploadForm, **_lists())


@bp.post("")
@open_to(*AT_THE_PRINTER)
def upload() -> ResponseReturnValue:
    """Try the file, and keep it for a second operator."""
    form = UploadForm()
    try:
        form.check()
        upload_id = _received(form.file.content, form.file.file_name, form.reading())
    except reading.FAULTS as fault:
        current_work().undo()
        why = reading.on_screen(fault)
        refusal = Refusal("desk_roll_unread", "file")
        return screens.refuse("desk/imports/page.html", form, refusal, **_lists(why))
    except Refusal as refusal:
        return screens.refuse("desk/imports/page.html", form, refusal, **_lists())
    return layout.go_on("imports.one", UPLOADED, upload_id=upload_id)


def _received(content: bytes, name: str, how: Reading) -> str:
    roll, work = reading.open_roll(content, how), current_work()
    work.settle()
    source = Source(at_work.must().name, name, "")
    try:
        found = play(work, roll, source=source, reading=how)
    except RollRefused as refused:
        raise Refusal("desk_roll_busy") from refused
    finally:
        work.undo()
    return uploads.receive(work, content, file_name=name, reading=how, found=found)


def _lists(why: list[str] | None = None) -> dict[str, object]:
    work = current_work()
    return {
        "uploads": uploads.recent(work),
        "imports": imports.recent(work),
        "requests": pairs.waiting([roll_undo.DEED]),
        "me": at_work.must(),
        "why": why or [],
    }


@bp.get("/<upload_id>")
@open_to(*AT_THE_PRINTER)
def one(upload_id: str) -> ResponseReturnValue:
    """What the import of an uploaded roll would do, in counts."""
    try:
        facts = _facts(upload_id)
    except Refusal:
        return screens.send_to("imports.page", flash=OVER)
    return screens.show("desk/imports/one.html", form=OneClickForm, **facts)


def _facts(upload_id: str) -> dict[str, object]:
    found = uploads.find(current_work(), upload_id)
    return {"upload": found, "me": at_work.must(), "now": current_work().now}


@bp.post("/<upload_id>/alertes/<word>")
@open_to(*AT_THE_PRINTER)
def accept(upload_id: str, word: str) -> ResponseReturnValue:
    """Who uploaded it accepts one guard."""
    return _answer(upload_id, ACCEPTED, lambda _: uploads.accept(current_work(), upload_id, word))


@bp.post("/<upload_id>/abandonner")
@open_to(*AT_THE_PRINTER)
def drop(upload_id: str) -> ResponseReturnValue:
    """It is not to be imported."""
    return _answer(
        upload_id, DROPPED, lambda _: uploads.drop(current_work(), upload_id), to="imports.page"
    )


@bp.post("/<upload_id>/importer")
@open_to(*AT_THE_PRINTER)
def apply(upload_id: str) -> ResponseReturnValue:
    """The second operator imports it."""
    work = current_work()
    follow = _follow(upload_id) if work.db.dialect.name != "sqlite" else None  # one writer there

    def imported(form: ApplyForm) -> None:
        seen = form.seen.data or ""
        roll_apply.apply(work, upload_id, seen=seen, opens=reading.open_roll, follow=follow)

    return _answer(upload_id, IMPORTED, imported)


def _follow(upload_id: str) -> Callable[[int], None]:
    def follow(rows: int) -> None:
        with new_work() as work:
            roll_apply.note_progress(work, upload_id, rows)

    return follow


def _answer(
    upload_id: str,
    done: flash.Flash,
    act: Callable[[ApplyForm], None],
    to: str = "imports.one",
) -> ResponseReturnValue:
    form = ApplyForm()
    try:
        form.check()
        act(form)
    except Refusal as refusal:
        try:
            facts = _facts(upload_id)
        except Refusal:
            return screens.send_to("imports.page", flash=OVER)
        return screens.refuse("desk/imports/one.html", form, refusal, **facts)
    place = {"upload_id": upload_id} if to == "imports.one" else {}
    return layout.go_on(to, done, **place)
