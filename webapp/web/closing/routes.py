"""Closing a space: what it means, the password, the mailed code; and changing one's mind. In a
space of several, of the member shown: they leave it."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from webapp.rules import lifetimes
from webapp.rules.ranks import SIGNED_IN
from webapp.rules.refusals import Refusal
from webapp.rules.retention import said
from webapp.services.account import closing
from webapp.services.kernel import mailed_codes
from webapp.web import flash, screens, sessions
from webapp.web.closing.forms import CloseForm, ClosingCodeForm
from webapp.web.doors import open_to
from webapp.web.forms import OneClickForm
from webapp.web.transactions import current_work

bp = Blueprint("closing", __name__, url_prefix="/espace/mes-donnees")

KEPT = flash.declare("garde", "C’est fait : votre espace reste ouvert.")
KEPT_ALREADY = flash.declare(
    "deja_garde", "Votre espace reste ouvert : il n’y avait plus de fermeture à annuler."
)


@bp.get("/fermer")
@open_to(*SIGNED_IN)
def page() -> ResponseReturnValue:
    """What is erased, what is kept; or, once it was asked for, until when one may change."""
    return screens.show("closing/page.html", form=CloseForm.blank(), **_context())


@bp.post("/fermer")
@open_to(*SIGNED_IN)
def ask() -> ResponseReturnValue:
    """« Recevoir le code »."""
    form = CloseForm()
    try:
        form.check()
        password = form.present_password.data
        sessions.replace_facts(closing.ask(current_work(), sessions.member(), password=password))
    except Refusal as refusal:
        return _refused(form, refusal)
    return screens.advance("closing.code")


@bp.get("/fermer/code")
@open_to(*SIGNED_IN)
def code() -> ResponseReturnValue:
    """The mailed code, once it was asked for."""
    if closing.ends(sessions.member()) is None:
        return screens.send_to("closing.page")
    return screens.show("closing/code.html", **_code_context())


@bp.post("/fermer/code")
@open_to(*SIGNED_IN)
def confirm() -> ResponseReturnValue:
    """« Fermer mon espace »."""
    form = ClosingCodeForm()
    context = _code_context() | {"code": form}
    try:
        form.check()
        closing.confirm(current_work(), sessions.member(), code=form.security_code.normal)
    except Refusal as refusal:
        if refusal.key.startswith("closing_"):
            return _refused(CloseForm.blank(), refusal)
        return screens.refuse("closing/code.html", form, refusal, **context)
    return screens.advance("closing.page")


@bp.post("/fermer/renvoyer")
@open_to(*SIGNED_IN)
def resend() -> ResponseReturnValue:
    """« Renvoyer le code »."""
    form = OneClickForm()
    try:
        form.check()
        closing.resend(current_work(), sessions.member())
    except Refusal as refusal:
        if refusal.key == "closing_over":
            return _refused(CloseForm.blank(), refusal)
        return screens.refuse(
            "closing/code.html", form, refusal, **(_code_context() | {"again": form})
        )
    sessions.refresh()
    return screens.advance("closing.code", flash=flash.SENT_AGAIN)


@bp.get("/fermer/renvoyer")
@open_to(*SIGNED_IN)
def reopened() -> ResponseReturnValue:
    """A refused « Renvoyer le code », whose address a browser kept and opens again."""
    return screens.send_to("closing.code")


@bp.post("/garder")
@open_to(*SIGNED_IN)
def keep() -> ResponseReturnValue:
    """« Garder mon espace »."""
    try:
        OneClickForm().check()
    except Refusal as refusal:
        return _refused(CloseForm.blank(), refusal)
    kept = closing.cancel(current_work(), sessions.member())
    return screens.advance("my_data.page", flash=KEPT if kept else KEPT_ALREADY)


@bp.get("/garder")
@open_to(*SIGNED_IN)
def reopened_keep() -> ResponseReturnValue:
    """The button's address, which a browser kept and opens again."""
    return screens.send_to("my_data.page")


def _refused(form: CloseForm, refusal: Refusal) -> ResponseReturnValue:
    """The page as the space now stands: another tab may have asked for it, or changed its mind."""
    return screens.refuse("closing/page.html", form, refusal, **_context())


def _context() -> dict[str, object]:
    due = closing.due_at(current_work(), sessions.member())
    return {
        "closing_at": due,
        "leaver": sessions.member().for_whom,
        "life": lifetimes.CLOSING,
        "proof": said(lifetimes.TERMS_PROOF),
        "journal": said(lifetimes.JOURNAL),
    }


def _code_context() -> dict[str, object]:
    facts = sessions.member()
    ends_at = closing.ends(facts)
    return {
        "email": facts.email,
        "leaver": facts.for_whom,
        "left": mailed_codes.left(current_work(), ends_at),
        "ends_at": ends_at,
        "fate": closing.fate(current_work(), facts),
        "life": lifetimes.CLOSING,
        "code": ClosingCodeForm.blank(),
        "again": OneClickForm.blank(),
    }
