"""The screens of a forgotten password."""

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue

from webapp.rules.refusals import Refusal
from webapp.services.account import recovery, recovery_link
from webapp.web import device_cookie, own_tries_cookie, recent_factors, screens
from webapp.web.constant_time import at_least
from webapp.web.doors import open_to_all
from webapp.web.recovery.forms import AskForm, ForcedPasswordForm, NewPasswordForm
from webapp.web.transactions import current_work

# Longer than a mail costs that is written and kept: the time tells of no account
ASKING_SECONDS = 0.05

bp = Blueprint("recovery", __name__, url_prefix="/mot-de-passe-oublie")


@bp.get("")
@open_to_all
def page() -> ResponseReturnValue:
    """Ask for a link."""
    return screens.show("recovery/page.html", form=AskForm.blank())


@bp.post("")
@open_to_all
def ask() -> ResponseReturnValue:
    """« Recevoir le lien »."""
    form = AskForm()
    try:
        form.check()
        with at_least(ASKING_SECONDS):
            recovery.ask(
                current_work(),
                email=form.email.normal,
                number=form.number.normal,
                device_secret=device_cookie.secret(),
            )
            current_work().settle()  # the mail is committed before we wait
    except Refusal as refusal:
        return screens.refuse("recovery/page.html", form, refusal)
    return screens.advance("recovery.sent")


@bp.get("/envoi")
@open_to_all
def sent() -> ResponseReturnValue:
    """The same whatever is true."""
    return screens.show("recovery/sent.html")


@bp.get("/nouveau/<token>")
@open_to_all
def link(token: str) -> ResponseReturnValue:
    """The mail's link: changes nothing, shows the form while it is good."""
    return screens.private(_link_screen(token))


@bp.post("/nouveau/<token>")
@open_to_all
def choose(token: str) -> ResponseReturnValue:
    """« Enregistrer »."""
    form = ForcedPasswordForm() if "number" in request.form else NewPasswordForm()
    number = form.number if isinstance(form, ForcedPasswordForm) else None
    try:
        form.check()
        chosen = recovery_link.choose(
            current_work(),
            token,
            password=form.password.data,
            number=number.normal if number else None,
            remove=form.remove.data,
        )
    except Refusal as refusal:
        if refusal.key == "recovery_over":
            return screens.private(screens.advance("recovery.link", token=token))
        if refusal.key in screens.SHUT_FOR:
            shut = screens.show(screens.SHUT, status=screens.SHUT_FOR[refusal.key])
            return screens.private(shut)
        # taken back since the page was shown
        if refusal.key == "missing_number" and number is None:
            form = ForcedPasswordForm()
        facts = recovery_link.look(current_work(), token)
        return screens.private(
            screens.refuse("recovery/choose.html", form, refusal, token=token, link=facts)
        )
    own_tries_cookie.give(chosen.account_id)
    return screens.advance("recovery.done", flash=recent_factors.told(chosen.removed))


@bp.get("/fait")
@open_to_all
def done() -> ResponseReturnValue:
    """The new password is in force; signing in is the next step."""
    return screens.show("recovery/done.html")


def _link_screen(token: str) -> ResponseReturnValue:
    facts = recovery_link.look(current_work(), token)
    if facts.state == "unknown":
        abort(404)
    if facts.state in ("shut", "held"):
        return screens.show(screens.SHUT, status="held" if facts.state == "held" else None)
    if facts.state != "ready":
        return screens.show("recovery/over.html", used=facts.state == "used")
    form = (ForcedPasswordForm if facts.asks_number else NewPasswordForm).blank()
    return screens.show("recovery/choose.html", form=form, token=token, link=facts)
