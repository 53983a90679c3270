"""« Mes données »: what we hold, why and how long; the file, the print, the proofs of terms."""

import hashlib

from flask import Blueprint, Response, abort, current_app, make_response
from flask.typing import ResponseReturnValue
from jinja2 import TemplateNotFound

from webapp.rules.ranks import SIGNED_IN
from webapp.rules.refusals import Refusal
from webapp.rules.retention import SHOWN
from webapp.services.account import terms as proofs
from webapp.services.space import my_data
from webapp.web import screens, sessions
from webapp.web.doors import ROW_ID, open_to
from webapp.web.forms import OneClickForm
from webapp.web.transactions import current_work

bp = Blueprint("my_data", __name__, url_prefix="/espace/mes-donnees")


@bp.get("")
@open_to(*SIGNED_IN)
def page() -> ResponseReturnValue:
    """What we hold about this member, and for how long."""
    facts = sessions.member()
    mine = my_data.held(current_work(), facts)
    form = OneClickForm.blank()
    return screens.show("my_data/page.html", mine=mine, kept=SHOWN, form=form, here=facts.id)


@bp.get("/export")
@open_to(*SIGNED_IN, proved="my_data.export")
def export() -> ResponseReturnValue:
    """All of it on one page, to read or to print; the file is one button away."""
    return screens.show("my_data/export.html", form=OneClickForm.blank(), **_everything())


@bp.post("/export.json")
@open_to(*SIGNED_IN, proved="my_data.export")
def download() -> ResponseReturnValue:
    """« Télécharger (JSON) »: the file itself. A POST, since the journal remembers it."""
    form = OneClickForm()
    try:
        form.check()
    except Refusal as refusal:
        return screens.refuse("my_data/export.html", form, refusal, **_everything())
    work = current_work()
    return _file(my_data.export(work, sessions.member()), f"mes-donnees-smie-{work.now:%Y-%m-%d}")


@bp.get("/export.json")
@open_to(*SIGNED_IN)
def reopened() -> ResponseReturnValue:
    """The file's address, which a browser kept and opens again."""
    return screens.send_to("my_data.page")


@bp.get(f"/conditions/<{ROW_ID}:acceptance_id>")
@open_to(*SIGNED_IN)
def accepted(acceptance_id: int) -> ResponseReturnValue:
    """The proof of terms that this member accepted, with their text, to print."""
    proof = proofs.proof(current_work(), sessions.member(), acceptance_id)
    if proof is None:
        abort(404)
    found = _fingerprint(proof.version)
    return screens.show("my_data/terms.html", proof=proof, found=found)


def _everything() -> dict[str, object]:
    facts, work = sessions.member(), current_work()
    mine = my_data.held(work, facts, with_journal=True)
    return {"mine": mine, "kept": SHOWN, "here": facts.id, "now": work.now}


def _file(content: str, name: str) -> Response:
    return make_response(
        content,
        {
            "Content-Type": "application/json; charset=utf-8",
            "Content-Disposition": f'attachment; filename="{name}.json"',
        },
    )


def _fingerprint(version: str) -> str | None:
    """The SHA-256 of the text that we have of a version today, None when we have none."""
    loader = current_app.jinja_env.loader
    assert loader is not None  # noqa: S101 - Flask set it
    try:
        source, _, _ = loader.get_source(current_app.jinja_env, f"terms/{version}.html")
    except TemplateNotFound:
        return None
    return hashlib.sha256(source.encode()).hexdigest()
