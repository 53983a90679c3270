"""The screens of signing in, 10 to 12 on paper, and the way out."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from webapp.rules.ranks import ANYONE, NOT_MEMBERS, AtCode, OfAccount, Rank, Shut
from webapp.rules.refusals import Refusal
from webapp.services.kernel import journal, mailed_codes
from webapp.services.kernel import sessions as store
from webapp.services.registration.own_address import own_address
from webapp.services.sign_in import devices, first_factor, mailed_code
from webapp.web import device_cookie, flash, own_tries_cookie, screens, sessions, user_agent
from webapp.web.doors import open_to, open_to_all
from webapp.web.forms import OneClickForm, PortalForm
from webapp.web.sign_in import entry
from webapp.web.sign_in.forms import PasswordForm, SecurityCodeForm
from webapp.web.transactions import current_work

bp = Blueprint("sign_in", __name__)

SIGNED_OUT = flash.declare("deconnexion", "Vous êtes déconnecté. À bientôt dans votre espace.")
OWN_TRIES = flash.declare(
    "essais",
    "C’est prêt : sur cet appareil, vous avez cinq essais rien que pour vous, pendant une heure. "
    "Saisissez votre e-mail et votre mot de passe.",
)
OWN_TRIES_OVER = flash.declare(
    "essais-fin",
    "Ce lien n’est plus valable : il a plus de 24 heures, ou il est incomplet. Essayez de vous "
    "connecter ; sinon, choisissez un autre mot de passe avec « Mot de passe oublié ? ».",
    warning=True,
)

# where a registration that waits goes on, for each rank that carries one
_WAITS = {Rank.REGISTERING: "registration.recorded", Rank.WAITING: "registration.in_progress"}


@bp.get("/connexion")
@open_to(*NOT_MEMBERS)
def page() -> ResponseReturnValue:
    """Screen 10, and the way to a new account; a remembered device, and the browser that has just
    registered, find their e-mail filled in. A registration that waits is not passed over."""
    own = own_address(current_work(), sessions.registration_id())
    secret = None if own else device_cookie.secret()
    if not own and not secret:
        return screens.show("sign_in/page.html", form=PasswordForm, waits=None)
    kept = devices.remembered_email(current_work(), secret) if secret else None
    email = own.email if own else kept
    waits = _WAITS[sessions.rank()] if own and own.waits else None
    form = PasswordForm.blank(data={"email": email, "remember": kept is not None})
    return screens.show("sign_in/page.html", form=form, waits=waits)


@bp.post("/connexion")
@open_to(*NOT_MEMBERS)
def enter_password() -> ResponseReturnValue:
    """Screen 10, « Je me connecte »."""
    form = PasswordForm()
    try:
        form.check()
        entered = first_factor.password(
            current_work(),
            email=form.email.normal,
            password=form.password.data,
            remember=form.remember.data,
            device_secret=device_cookie.secret(),
            own_pass=own_tries_cookie.value(),
            browser=sessions.browser_secret(),
            agent=user_agent.agent(),
            previous=sessions.current(),
        )
    except Refusal as refusal:
        if refusal.key in screens.SHUT_FOR:
            return screens.show(screens.SHUT, status=screens.SHUT_FOR[refusal.key])
        return screens.refuse("sign_in/page.html", form, refusal, waits=None)
    return entry.enter(entered)


@bp.get("/connexion/espace-ferme")
@open_to(Rank.SHUT)
def shut() -> ResponseReturnValue:
    """Both steps were right, and the space is closed: its member left the mutual, or died, or it is
    suspended."""
    return screens.show(screens.SHUT, form=OneClickForm.blank(), status=sessions.must(Shut).status)


@bp.get("/connexion/essais/<token>")
@open_to_all
def own_tries_link(token: str) -> ResponseReturnValue:
    """The link of the mail after ten wrong passwords: this browser has tries of its own."""
    good = own_tries_cookie.give_for(token)
    told = OWN_TRIES if good else OWN_TRIES_OVER
    return screens.private(screens.send_to("sign_in.page", flash=told))


@bp.get("/connexion/code")
@open_to(Rank.CODE)
def code() -> ResponseReturnValue:
    """Screen 12. A member with second factors of their own comes here once they asked for the
    mail."""
    facts = sessions.at_code()
    if facts.ways and not facts.codes:
        return screens.send_to(entry.first_way(facts.ways))
    forms = {"code": SecurityCodeForm, "again": OneClickForm}
    return screens.show("sign_in/code.html", **forms, **_code_context(facts))


@bp.post("/connexion/code")
@open_to(Rank.CODE)
def enter_code() -> ResponseReturnValue:
    """Screen 12, « Valider »."""
    form = SecurityCodeForm()
    try:
        form.check()
        entered = mailed_code.enter(
            current_work(),
            sessions.at_code(),
            code=form.security_code.normal,
            agent=user_agent.agent(),
        )
    except Refusal as refusal:
        if refusal.key in entry.SPENT:
            return entry.start_again(refusal)
        return _refuse_code(form, refusal, code=form, again=OneClickForm.blank())
    return entry.enter(entered)


@bp.post("/connexion/renvoyer")
@open_to(Rank.CODE)
def resend() -> ResponseReturnValue:
    """« Renvoyer le code »."""
    form = OneClickForm()
    facts = sessions.at_code()
    try:
        form.check()
        mailed_code.resend(current_work(), facts)
    except Refusal as refusal:
        if refusal.key == "mail_off":
            return screens.send_to(entry.first_way(facts.ways))
        return _refuse_code(form, refusal, code=SecurityCodeForm.blank(), again=form)
    sessions.refresh()
    return screens.advance("sign_in.code", flash=flash.SENT_AGAIN)


@bp.get("/connexion/renvoyer")
@open_to(Rank.CODE)
def reopened() -> ResponseReturnValue:
    """A refused « Renvoyer le code », whose address a browser kept and opens again."""
    return screens.send_to("sign_in.code")


@bp.post("/deconnexion")
@open_to(*ANYONE)
def leave() -> ResponseReturnValue:
    """Sign out: end this session, if there is one."""
    form = OneClickForm()
    facts = sessions.current()
    try:
        form.check()
    except Refusal:
        if facts is not None:
            inside = {Rank.MEMBER: "space.page", Rank.TERMS: "new_terms.page"}
            return screens.send_to(inside.get(facts.rank, "sign_in.page"), flash=flash.OLD_PAGE)
    if facts is not None:
        account_id = facts.account_id if isinstance(facts, OfAccount) else None
        store.end(current_work(), facts)
        journal.write(current_work(), "session.ended", account_id=account_id, all=False)
    sessions.become_visitor()
    return screens.send_to("sign_in.page", flash=SIGNED_OUT)


def _refuse_code(form: PortalForm, refusal: Refusal, **forms: PortalForm) -> ResponseReturnValue:
    context = _code_context(sessions.at_code())
    return screens.refuse("sign_in/code.html", form, refusal, **forms, **context)


def _code_context(facts: AtCode) -> dict[str, object]:
    ends_at = mailed_code.ends(facts)
    left = mailed_codes.left(current_work(), ends_at)
    return {
        "email": facts.email,
        "left": left,
        "ends_at": ends_at,
        "ways": facts.ways,
        "fate": mailed_code.fate(current_work(), facts),
    }
