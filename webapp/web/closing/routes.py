"""Closing a space: what it means, the password, the mailed code; and changing one's mind."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from webapp.rules import lifetimes
from webapp.rules.credentials import masked_email
from webapp.rules.ranks import Rank
from webapp.rules.refusals import Refusal
from webapp.rules.retention import said
from webapp.services import closing
from webapp.web import screens, sessions, words
from webapp.web.closing.forms import CloseForm, ClosingCodeForm
from webapp.web.doors import open_to
from webapp.web.forms import OneClickForm
from webapp.web.transactions import current_work

bp = Blueprint("closing", __name__, url_prefix="/espace/mes-donnees")

INSIDE = (Rank.MEMBER, Rank.TERMS)


@bp.get("/fermer")
@open_to(*INSIDE)
def page() -> ResponseReturnValue:
    """What is erased, what is kept; or, once it was asked for, until when one may change."""
    return screens.show("closing/page.html", form=CloseForm.blank(), **_context())


@bp.post("/fermer")
@open_to(*INSIDE)
def ask() -> ResponseReturnValue:
    """« Recevoir le code »."""
    form = CloseForm()
    try:
        form.check()
        password = form.present_password.data
        sessions.know(closing.ask(current_work(), sessions.member(), password=password))
    except Refusal as refusal:
        return _refused(form, refusal)
    return screens.advance("closing.code")


@bp.get("/fermer/code")
@open_to(*INSIDE)
def code() -> ResponseReturnValue:
    """The mailed code, once it was asked for."""
    if closing.ends(sessions.member()) is None:
        return screens.send_to("closing.page")
    return screens.show("closing/code.html", **_code_context())


@bp.post("/fermer/code")
@open_to(*INSIDE)
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
@open_to(*INSIDE)
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
    sessions.look_again()
    return screens.advance("closing.code", fait="renvoi")


@bp.get("/fermer/renvoyer")
@open_to(*INSIDE)
def reopened() -> ResponseReturnValue:
    """A refused « Renvoyer le code », whose address a browser kept and opens again."""
    return screens.send_to("closing.code")


@bp.post("/garder")
@open_to(*INSIDE)
def keep() -> ResponseReturnValue:
    """« Garder mon espace »."""
    try:
        OneClickForm().check()
    except Refusal as refusal:
        return _refused(CloseForm.blank(), refusal)
    kept = closing.keep(current_work(), sessions.member())
    return screens.advance("my_data.page", fait="garde" if kept else "deja_garde")


@bp.get("/garder")
@open_to(*INSIDE)
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
        "life": lifetimes.CLOSING,
        "proof": said(lifetimes.TERMS_PROOF),
        "journal": said(lifetimes.JOURNAL),
    }


def _code_context() -> dict[str, object]:
    facts = sessions.member()
    return {
        "address": masked_email(facts.email),
        **words.lasting(closing.ends(facts), current_work().now),
        "life": lifetimes.CLOSING,
        "code": ClosingCodeForm.blank(),
        "again": OneClickForm.blank(),
    }
