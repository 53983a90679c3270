"""The screens of signing in, 10 to 12 on paper, and the way out."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from webapp.rules.credentials import masked_email
from webapp.rules.ranks import ANYONE, AtCode, OfAccount, Rank
from webapp.rules.refusals import Refusal
from webapp.services import devices, journal, security_code, sign_in
from webapp.services import sessions as store
from webapp.web import device_cookie, own_tries_cookie, screens, sessions, words
from webapp.web.doors import open_to, open_to_all
from webapp.web.forms import OneClickForm, PortalForm
from webapp.web.sign_in import entering
from webapp.web.sign_in.entering import NOT_MEMBERS
from webapp.web.sign_in.forms import PasswordForm, SecurityCodeForm
from webapp.web.transactions import current_work

bp = Blueprint("sign_in", __name__)


@bp.get("/connexion")
@open_to(*NOT_MEMBERS)
def page() -> ResponseReturnValue:
    """Screen 10, and the way to a new account; a remembered device finds its e-mail filled in."""
    secret = device_cookie.secret()
    if not secret:
        return screens.show_kept("sign_in/page.html", forms={"form": PasswordForm})
    email = devices.remembered_email(current_work(), secret)
    form = PasswordForm.blank(data={"email": email, "remember": email is not None})
    return screens.show("sign_in/page.html", form=form)


@bp.post("/connexion")
@open_to(*NOT_MEMBERS)
def enter_password() -> ResponseReturnValue:
    """Screen 10, « Je me connecte »."""
    form = PasswordForm()
    try:
        form.check()
        entered = sign_in.password(
            current_work(),
            email=form.email.normal,
            password=form.password.data,
            remember=form.remember.data,
            device_secret=device_cookie.secret(),
            own_pass=own_tries_cookie.value(),
            browser=sessions.browser_secret(),
            agent=entering.agent(),
            previous=sessions.current(),
        )
    except Refusal as refusal:
        return screens.refuse("sign_in/page.html", form, refusal)
    return entering.enter(entered)


@bp.get("/connexion/essais/<token>")
@open_to_all
def own_tries_link(token: str) -> ResponseReturnValue:
    """The link of the mail after ten wrong passwords: this browser has tries of its own."""
    good = own_tries_cookie.give_for(token)
    return screens.private(screens.send_to("sign_in.page", fait="essais" if good else "essais-fin"))


@bp.get("/connexion/code")
@open_to(Rank.CODE)
def code() -> ResponseReturnValue:
    """Screen 12; who has steps of their own is there only once they asked for the mail."""
    facts = sessions.at_code()
    if facts.ways and not facts.codes:
        return screens.send_to(entering.first_way(facts.ways))
    forms = {"code": SecurityCodeForm, "again": OneClickForm}
    return screens.show_kept("sign_in/code.html", _words(facts), forms, ways=facts.ways)


@bp.post("/connexion/code")
@open_to(Rank.CODE)
def enter_code() -> ResponseReturnValue:
    """Screen 12, « Valider »."""
    form = SecurityCodeForm()
    try:
        form.check()
        entered = security_code.enter(
            current_work(),
            sessions.at_code(),
            code=form.security_code.normal,
            agent=entering.agent(),
        )
    except Refusal as refusal:
        if refusal.key in ("code_spent", "code_over"):
            return entering.start_again(refusal)
        return _refuse_code(form, refusal, code=form, again=OneClickForm.blank())
    return entering.enter(entered)


@bp.post("/connexion/renvoyer")
@open_to(Rank.CODE)
def resend() -> ResponseReturnValue:
    """« Renvoyer le code »."""
    form = OneClickForm()
    facts = sessions.at_code()
    try:
        form.check()
        security_code.resend(current_work(), facts)
    except Refusal as refusal:
        if refusal.key == "mail_off":
            return screens.send_to(entering.first_way(facts.ways))
        return _refuse_code(form, refusal, code=SecurityCodeForm.blank(), again=form)
    sessions.look_again()
    return screens.advance("sign_in.code", fait="renvoi")


@bp.get("/connexion/renvoyer")
@open_to(Rank.CODE)
def reopened() -> ResponseReturnValue:
    """A refused « Renvoyer le code », whose address a browser kept and opens again."""
    return screens.send_to("sign_in.code")


@bp.post("/deconnexion")
@open_to(*ANYONE)
def leave() -> ResponseReturnValue:
    """Sign out: this session is no more; whoever has none is out already."""
    form = OneClickForm()
    facts = sessions.current()
    try:
        form.check()
    except Refusal:
        if facts is not None:
            inside = {Rank.MEMBER: "space.page", Rank.TERMS: "new_terms.page"}
            return screens.send_to(inside.get(facts.rank, "sign_in.page"), fait="ancienne")
    if facts is not None:
        account_id = facts.account_id if isinstance(facts, OfAccount) else None
        store.end(current_work(), facts)
        journal.write(current_work(), "session.ended", account_id=account_id, all=False)
    sessions.become_visitor()
    return screens.send_to("sign_in.page", fait="deconnexion")


def _refuse_code(form: PortalForm, refusal: Refusal, **forms: PortalForm) -> ResponseReturnValue:
    facts = sessions.at_code()
    context: dict[str, object] = {"ways": facts.ways, **_words(facts), **forms}
    return screens.refuse("sign_in/code.html", form, refusal, **context)


def _words(facts: AtCode) -> dict[str, str]:
    return {
        "address": masked_email(facts.email),
        **words.lasting(security_code.ends(facts), current_work().now),
    }
