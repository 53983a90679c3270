"""The other ways to sign in: a passkey, an app, a recovery code; and a passkey alone."""

from collections.abc import Callable

from flask import Blueprint
from flask.typing import ResponseReturnValue

from webapp.rules.factors import Way
from webapp.rules.ranks import NOT_MEMBERS, Rank
from webapp.rules.refusals import Refusal
from webapp.services.sign_in import authenticators, passkeys, recovery_codes
from webapp.services.sign_in.finish import Entered
from webapp.services.sign_in.passkeys import Purpose
from webapp.web import flash, screens, sessions, slots, user_agent
from webapp.web.doors import open_to
from webapp.web.forms import OneClickForm, PortalForm
from webapp.web.passkeys import PasskeyForm, offered
from webapp.web.sign_in import entry
from webapp.web.sign_in.forms import AppCodeForm, RecoveryCodeForm
from webapp.web.transactions import current_work

bp = Blueprint("second_factor", __name__, url_prefix="/connexion")
bp.add_app_template_global(slots.asked_anew(offered), "passkey_offered")

BY_RECOVERY_CODE = flash.declare(
    "secours",
    "Vous êtes connecté avec un code de secours : il ne servira plus. Voici ce qu’il vous reste.",
)


@bp.get("/cle")
@open_to(Rank.CODE)
def passkey() -> ResponseReturnValue:
    """The second step with a passkey."""
    return _passkey_screen(PasskeyForm.blank())


@bp.post("/cle")
@open_to(Rank.CODE)
def give_passkey() -> ResponseReturnValue:
    """The device has answered."""
    form = PasskeyForm()
    try:
        form.check()
        entered = passkeys.enter(
            current_work(), sessions.at_code(), form.given(), agent=user_agent.agent()
        )
    except Refusal as refusal:
        if refusal.key in entry.SPENT:
            return entry.start_again(refusal)
        return _passkey_screen(form, refusal)
    return _enter(entered)


@bp.get("/application")
@open_to(Rank.CODE)
def app() -> ResponseReturnValue:
    """The second step with an authenticator app."""
    return _show(Way.APP, "sign_in/app.html", AppCodeForm.blank())


@bp.post("/application")
@open_to(Rank.CODE)
def give_app_code() -> ResponseReturnValue:
    """The app's six digits, « Valider »."""
    form = AppCodeForm()
    try:
        form.check()
        entered = authenticators.enter(
            current_work(), sessions.at_code(), code=form.app_code.normal, agent=user_agent.agent()
        )
    except Refusal as refusal:
        return _refuse("sign_in/app.html", form, refusal)
    return _enter(entered)


@bp.get("/secours")
@open_to(Rank.CODE)
def recovery_code() -> ResponseReturnValue:
    """The second step with a recovery code."""
    return _show(Way.RECOVERY_CODE, "sign_in/recovery_code.html", RecoveryCodeForm.blank())


@bp.post("/secours")
@open_to(Rank.CODE)
def give_recovery_code() -> ResponseReturnValue:
    """A code of the sheet, « Valider »; then what is left of them."""
    form = RecoveryCodeForm()
    try:
        form.check()
        entered = recovery_codes.enter(
            current_work(),
            sessions.at_code(),
            code=form.recovery_code.normal,
            agent=user_agent.agent(),
        )
    except Refusal as refusal:
        return _refuse("sign_in/recovery_code.html", form, refusal)
    return entry.enter_afresh(entered, told=BY_RECOVERY_CODE)


@bp.get("/cle/directe")
@open_to(*NOT_MEMBERS)
def direct() -> ResponseReturnValue:
    """A passkey as the whole sign-in."""
    return _direct_screen(PasskeyForm.blank())


@bp.post("/cle/directe")
@open_to(*NOT_MEMBERS)
def give_direct() -> ResponseReturnValue:
    """The device has answered, and says whose key it is."""
    form = PasskeyForm()
    try:
        form.check()
        entered = passkeys.sign_in(
            current_work(), form.given(), agent=user_agent.agent(), previous=sessions.current()
        )
    except Refusal as refusal:
        return _direct_screen(form, refusal)
    return entry.enter(entered)


def _enter(entered: Entered) -> ResponseReturnValue:
    """Enter the space. When a remembered device is written too, the space is asked for in a request
    of its own, so that no request needs more than eight statements."""
    finish: Callable[[Entered], ResponseReturnValue] = (
        entry.enter_afresh if entered.device_secret else entry.enter
    )
    return finish(entered)


def _show(way: Way, template: str, form: PortalForm) -> ResponseReturnValue:
    """The page of a way that this member has; the others lead to the first that they have."""
    facts = sessions.at_code()
    if way not in facts.ways:
        return screens.send_to(entry.first_way(facts.ways))
    return screens.show(template, form=form, **_context())


def _refuse(template: str, form: PortalForm, refusal: Refusal) -> ResponseReturnValue:
    if refusal.key in entry.SPENT:
        return entry.start_again(refusal)
    return screens.refuse(template, form, refusal, **_context())


def _passkey_screen(form: PasskeyForm, refusal: Refusal | None = None) -> ResponseReturnValue:
    facts = sessions.at_code()
    if Way.PASSKEY not in facts.ways:
        return screens.send_to(entry.first_way(facts.ways))
    browser = sessions.browser_secret()
    ceremony = passkeys.to_use(current_work(), Purpose.SECOND_STEP, facts, browser=browser)
    context = _context() | {"ceremony": ceremony}
    if refusal is not None:
        return screens.refuse("sign_in/passkey.html", form, refusal, **context)
    return screens.show("sign_in/passkey.html", form=form, **context)


def _direct_screen(form: PasskeyForm, refusal: Refusal | None = None) -> ResponseReturnValue:
    browser = sessions.browser_secret()
    ceremony = passkeys.to_use(current_work(), Purpose.SIGN_IN, None, browser=browser)
    if refusal is not None:
        return screens.refuse("sign_in/direct.html", form, refusal, ceremony=ceremony)
    return screens.show("sign_in/direct.html", form=form, ceremony=ceremony)


def _context() -> dict[str, object]:
    return {"ways": sessions.at_code().ways, "again": OneClickForm.blank()}
