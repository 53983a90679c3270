"""The screens of registration, 5 to 9 on paper."""

from flask import Blueprint, g, make_response, request, url_for
from flask.typing import ResponseReturnValue

from webapp.rules import credentials
from webapp.rules.ranks import NOT_MEMBERS, OfRegistration, Rank
from webapp.rules.refusals import Refusal
from webapp.services.kernel import sessions as store
from webapp.services.registration import address, confirmation, drafts, pending
from webapp.services.registration.pending import RegistrationFacts
from webapp.web import flash, screens, sessions
from webapp.web.doors import open_to, open_to_all
from webapp.web.forms import OneClickForm
from webapp.web.registration import waiting
from webapp.web.registration.forms import AboutMeForm, ActivationForm, TermsForm
from webapp.web.transactions import current_work

bp = Blueprint("registration", __name__, url_prefix="/inscription")

_START, _WAITS = "registration.about_me", "registration/waits.html"
SIGNED_IN_HERE = flash.declare(
    "inscription",
    "Vous êtes connecté à cet espace. Pour inscrire une autre personne, déconnectez-vous, puis"
    " reprenez son courrier.",
    warning=True,
)


def _mine() -> RegistrationFacts | None:
    return pending.find(current_work(), sessions.registration_id())


def _proved() -> RegistrationFacts | None:
    mine = _mine() if sessions.rank() is Rank.REGISTERING else None
    return mine if mine and mine.state in ("draft", "waiting") else None


@bp.get("")
@open_to(*NOT_MEMBERS, notice=SIGNED_IN_HERE)
def about_me() -> ResponseReturnValue:
    """Screen 5: five fields, filled in again after « Retour » but for the secrets. Where a
    registration waits, this browser may be somebody else's by now: it says so instead. With
    `?autre` the fields are empty, for whose letter's QR code was read here (static/js/portal.js).
    """
    mine = None if "autre" in request.args else _proved()
    if mine is None:
        return screens.show("registration/about_me.html", form=AboutMeForm)
    if mine.state == "waiting":
        return screens.show(_WAITS, form=OneClickForm, mine=mine)
    return screens.show("registration/about_me.html", form=_remembered(mine))


@bp.post("")
@open_to(*NOT_MEMBERS)
def prove_letter() -> ResponseReturnValue:
    """Screen 5, « Continuer »."""
    form = AboutMeForm(proved=sessions.rank() is Rank.REGISTERING)
    try:
        form.check()
        token, facts = drafts.write(
            current_work(),
            number=form.number.normal,
            access_code=form.access_code.normal,
            email=form.email.normal,
            password=form.password.data or None,
            previous=sessions.current(),
        )
    except Refusal as refusal:
        if refusal.key == "registration_done":
            return screens.show("registration/already.html")
        if refusal.key in screens.SHUT_FOR:
            return screens.show(screens.SHUT, status=screens.SHUT_FOR[refusal.key])
        if form.proved and not _is_of(_proved(), form):
            form, refusal = _all_asked(refusal)
        return screens.refuse("registration/about_me.html", form, refusal)
    sessions.enter(token, facts)
    return screens.advance("registration.terms")


@bp.post("/autre")
@open_to(*NOT_MEMBERS)
def another_person() -> ResponseReturnValue:
    """« Inscrire une autre personne »: this browser forgets the one before, whose registration
    stays good."""
    facts = sessions.current()
    try:
        OneClickForm().check()
    except Refusal as refusal:
        mine = _proved()
        if mine and mine.state == "waiting":
            return screens.refuse(_WAITS, OneClickForm.blank(), refusal, mine=mine)
        form = _remembered(mine) if mine else AboutMeForm.blank()
        return screens.refuse("registration/about_me.html", form, refusal)
    if facts is not None:
        store.end(current_work(), facts)
    sessions.become_visitor()
    return screens.send_to(_START)


@bp.get("/cgu")
@open_to(Rank.REGISTERING, otherwise=_START)
def terms() -> ResponseReturnValue:
    """Screen 6: the terms in a box that scrolls."""
    mine = _mine()
    if mine is None or mine.state != "draft":
        return screens.send_to(_next_of(mine))
    terms = current_work().world.terms
    return screens.show("registration/terms.html", form=TermsForm, terms=terms)


@bp.post("/cgu")
@open_to(Rank.REGISTERING, otherwise=_START)
def accept_terms() -> ResponseReturnValue:
    """Screen 6, « Continuer »."""
    form = TermsForm()
    try:
        form.check()
        pending.accept_terms(current_work(), sessions.registration_id())
    except Refusal as refusal:
        if refusal.key in ("registration_over", "registration_done"):
            return screens.send_to(_START)
        context = {"terms": current_work().world.terms}
        return screens.refuse("registration/terms.html", form, refusal, **context)
    return screens.advance("registration.recorded")


@bp.get("/confirmation")
@open_to(Rank.REGISTERING, otherwise=_START)
def recorded() -> ResponseReturnValue:
    """Screen 7: look in your mailbox; screen 9 once it is confirmed, wherever that was."""
    mine = _mine()
    if mine is None or mine.state not in ("waiting", "confirmed"):
        return screens.send_to(_next_of(mine))
    return waiting.show("registration/recorded.html", mine, waiting.offers())


@bp.get("/en-cours")
@open_to(Rank.WAITING)
def in_progress() -> ResponseReturnValue:
    """« Inscription en cours »: the second way, with the activation code."""
    if finished := g.get("finished"):  # in this same answer: nothing to look up
        return waiting.finished(finished)
    mine = _mine()
    if mine is None or mine.state == "over":
        return screens.show("registration/over.html")
    forms = waiting.offers() | {"code": ActivationForm}
    return waiting.show("registration/in_progress.html", mine, forms)


@bp.post("/en-cours")
@open_to(Rank.WAITING)
def activate() -> ResponseReturnValue:
    """« Inscription en cours », « Valider »."""
    form = ActivationForm()
    try:
        form.check()
        g.finished = confirmation.by_code(
            current_work(),
            sessions.registration_id(),
            code=form.activation_code.normal,
        )
    except Refusal as refusal:
        mine = _mine()
        if mine is None or refusal.key == "registration_over":
            return screens.show("registration/over.html")
        return waiting.refuse("registration/in_progress.html", mine, refusal, form, code=form)
    return screens.advance("registration.in_progress")


@bp.post("/renvoyer")
@open_to(Rank.REGISTERING, Rank.WAITING, otherwise=_START)
def resend() -> ResponseReturnValue:
    """Send the mail again."""
    form = OneClickForm()
    try:
        form.check()
        pending.resend(current_work(), sessions.registration_id())
    except Refusal as refusal:
        return waiting.refuse_there(_mine(), refusal, form, again=form)
    return screens.advance(waiting.screen(), flash=flash.SENT_AGAIN)


@bp.post("/adresse")
@open_to(Rank.REGISTERING, Rank.WAITING, otherwise=_START)
def change_address() -> ResponseReturnValue:
    """Write to another address."""
    form = waiting.address_form()()
    try:
        form.check()
        address.change(current_work(), sessions.must(OfRegistration), **form.chosen())
    except Refusal as refusal:
        return waiting.refuse_there(_mine(), refusal, form, address=form)
    return screens.advance(waiting.screen(), flash=waiting.ADDRESS_CHANGED)


@bp.get("/autre")
@bp.get("/renvoyer")
@bp.get("/adresse")
@open_to(Rank.REGISTERING, Rank.WAITING, otherwise=_START)
def reopened() -> ResponseReturnValue:
    """A refused form, whose address a browser kept and opens again."""
    return screens.send_to(waiting.screen())


@bp.get("/validation/<token>")
@open_to_all
def link(token: str) -> ResponseReturnValue:
    """Screen 8's link: changes nothing, shows one button; screen 9 once it was pressed."""
    return screens.private(_link_screen(token))


@bp.post("/validation/<token>")
@open_to_all
def confirm(token: str) -> ResponseReturnValue:
    """The link's button."""
    form = OneClickForm()
    try:
        form.check()
        confirmation.by_link(current_work(), token)
    except Refusal as refusal:
        if refusal.key == "email_taken":
            return screens.show("registration/taken.html")
        address = confirmation.look(current_work(), token).address
        context = {"action": _confirming(token), "own": False, "address": address}
        return screens.private(screens.refuse("registration/link.html", form, refusal, **context))
    return screens.advance("registration.link", token=token)


def _link_screen(token: str) -> ResponseReturnValue:
    end = confirmation.look(current_work(), token)
    if end.state == "unknown":
        return make_response(screens.show("registration/cut.html"), 404)
    if end.state == "confirmed":
        return waiting.finished(end, own=end.is_of(sessions.current()))
    if end.state == "over":
        return screens.show("registration/over.html")
    action, own = _confirming(token), end.is_of(sessions.current())
    return screens.show(
        "registration/link.html", form=OneClickForm, action=action, own=own, address=end.address
    )


def _confirming(token: str) -> str:
    return url_for("registration.confirm", token=token)


def _remembered(mine: RegistrationFacts) -> AboutMeForm:
    form = AboutMeForm.blank(proved=True, data={"number": mine.number, "email": mine.email})
    form.email.kept = mine.email  # whatever it looks like, its owner was asked
    return form


def _all_asked(refusal: Refusal) -> tuple[AboutMeForm, Refusal]:
    """What was sent for another letter than the one that this browser proved: what was proved is
    worth nothing there, and nothing may stay empty. With what is to be said first."""
    form = AboutMeForm()
    try:
        form.check()
    except Refusal as first:
        return form, first
    return form, refusal


def _is_of(mine: RegistrationFacts | None, form: AboutMeForm) -> bool:
    """Whether what was typed can be of the letter that this browser proved."""
    typed = form.number.normal
    return mine is not None and (typed is None or credentials.are_near(typed, mine.number))


def _next_of(mine: RegistrationFacts | None) -> str:
    steps = {"draft": "registration.terms", "waiting": "registration.recorded"}
    steps["confirmed"] = "registration.recorded"
    return steps.get(mine.state, _START) if mine else _START
