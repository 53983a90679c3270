"""The screens of another address: asked for in the space, confirmed by code or by the mail's link,
taken back by the link mailed to the former address."""

from flask import Blueprint, abort, g, request
from flask.typing import ResponseReturnValue

from webapp.rules import lifetimes
from webapp.rules.ranks import Rank
from webapp.rules.refusals import Refusal
from webapp.services.account import address, address_confirmation, address_undo
from webapp.services.account.address import Waiting
from webapp.web import flash, screens, sessions
from webapp.web.address.forms import AddressCodeForm, NewAddressForm
from webapp.web.doors import open_to, open_to_all
from webapp.web.forms import OneClickForm, PortalForm
from webapp.web.transactions import current_work

bp = Blueprint("address", __name__)

CANCELLED = flash.declare(
    "changement-annule",
    "C’est fait : le changement d’adresse est annulé. Le lien envoyé ne marche plus.",
)
OVER = flash.declare(
    "changement-fini",
    "Ce changement d’adresse n’était plus en attente. Rien n’a été modifié à l’instant.",
)

_SPACE = "/espace/securite/email"


@bp.get(_SPACE)
@open_to(Rank.MEMBER)
def page() -> ResponseReturnValue:
    """« Changer mon adresse e-mail ». While a change waits, the page where its code is typed;
    `?autre` is to ask for another in its place."""
    if "autre" not in request.args and _waiting() is not None:
        return screens.send_to("address.confirmation")
    return screens.show("address/page.html", form=NewAddressForm.blank(), present=_present())


@bp.post(_SPACE)
@open_to(Rank.MEMBER)
def ask() -> ResponseReturnValue:
    """« Continuer »: a mail leaves for the new address."""
    form = NewAddressForm()
    try:
        form.check()
        g.waiting_change = address.ask(
            current_work(),
            sessions.member(),
            email=form.email.normal,
            password=form.present_password.data,
        )
    except Refusal as refusal:
        return screens.refuse("address/page.html", form, refusal, present=_present())
    return screens.advance("address.confirmation")


@bp.get(f"{_SPACE}/confirmation")
@open_to(Rank.MEMBER)
def confirmation() -> ResponseReturnValue:
    """Where the code is typed, while a change waits."""
    waiting = _waiting()
    if waiting is None:
        return screens.send_to("security.page")
    return screens.show("address/confirmation.html", **_context(waiting))


@bp.post(f"{_SPACE}/confirmation")
@open_to(Rank.MEMBER)
def give_code() -> ResponseReturnValue:
    """« Valider »."""
    form = AddressCodeForm()
    try:
        form.check()
        address_confirmation.by_code(
            current_work(), sessions.member(), code=form.address_code.normal
        )
    except Refusal as refusal:
        return _refused(refusal, form, code=form)
    return screens.advance("address.changed")


@bp.post(f"{_SPACE}/renvoyer")
@open_to(Rank.MEMBER)
def resend() -> ResponseReturnValue:
    """« Renvoyer le message »."""
    form = OneClickForm()
    try:
        form.check()
        address.resend(current_work(), sessions.member())
    except Refusal as refusal:
        return _refused(refusal, form, again=form)
    return screens.advance("address.confirmation", flash=flash.SENT_AGAIN)


@bp.post(f"{_SPACE}/annuler")
@open_to(Rank.MEMBER)
def cancel() -> ResponseReturnValue:
    """« Annuler ce changement »."""
    form = OneClickForm()
    try:
        form.check()
    except Refusal as refusal:
        return _refused(refusal, form, again=form)
    cancelled = address.cancel(current_work(), sessions.member())
    return screens.advance("security.page", flash=CANCELLED if cancelled else OVER)


@bp.get(f"{_SPACE}/renvoyer")
@bp.get(f"{_SPACE}/annuler")
@open_to(Rank.MEMBER)
def reopened() -> ResponseReturnValue:
    """A refused button, whose address a browser kept and opens again."""
    return screens.send_to("address.confirmation")


@bp.get("/adresse/<token>")
@open_to_all
def link(token: str) -> ResponseReturnValue:
    """The mail's link: one button, changes nothing."""
    state = address_confirmation.link_state(current_work(), token)
    if state == "unknown":
        abort(404)
    if state == "done":
        return screens.private(screens.show("address/changed.html"))
    if state == "over":
        return screens.private(screens.show("address/over.html"))
    form = OneClickForm.blank()
    return screens.private(screens.show("address/link.html", form=form, token=token))


@bp.post("/adresse/<token>")
@open_to_all
def confirm(token: str) -> ResponseReturnValue:
    """« Je confirme cette adresse », in any browser; a second use is no error."""
    form = OneClickForm()
    try:
        form.check()
        state = address_confirmation.by_link(current_work(), token, sessions.current())
    except Refusal as refusal:
        if refusal.key == "address_over":
            return screens.private(screens.advance("address.link", token=token))
        return screens.private(screens.refuse("address/link.html", form, refusal, token=token))
    if state != "done":
        return screens.private(screens.advance("address.link", token=token))
    return screens.advance("address.changed")


@bp.get("/adresse-changee")
@open_to_all
def changed() -> ResponseReturnValue:
    """The new address is in force."""
    return screens.show("address/changed.html")


@bp.get("/adresse/retablir/<token>")
@open_to_all
def undo_link(token: str) -> ResponseReturnValue:
    """The link mailed to the former address: one button, changes nothing."""
    state = address_undo.link_state(current_work(), token)
    if state == "unknown":
        abort(404)
    if state == "done":
        return screens.private(screens.show("address/restored.html"))
    if state == "held":
        return screens.private(screens.show(screens.SHUT, status=state))
    if state == "late":
        late = screens.show("address/late.html", life=lifetimes.ADDRESS_UNDO)
        return screens.private(late)
    form = OneClickForm.blank()
    return screens.private(screens.show("address/undo.html", form=form, token=token))


@bp.post("/adresse/retablir/<token>")
@open_to_all
def undo(token: str) -> ResponseReturnValue:
    """« Je rétablis mon ancienne adresse »."""
    form = OneClickForm()
    try:
        form.check()
        state = address_undo.undo(current_work(), token)
    except Refusal as refusal:
        return screens.private(screens.refuse("address/undo.html", form, refusal, token=token))
    if state != "done":
        return screens.private(screens.advance("address.undo_link", token=token))
    return screens.advance("address.restored")


@bp.get("/adresse-retablie")
@open_to_all
def restored() -> ResponseReturnValue:
    """The former address is back; a new password comes next."""
    return screens.show("address/restored.html")


def _refused(refusal: Refusal, form: PortalForm, **forms: PortalForm) -> ResponseReturnValue:
    """Show the refusal beside its field; or, when the change ended in another tab, on the page to
    which that led."""
    waiting = _waiting()
    if waiting is None:
        return screens.send_to("security.page", flash=OVER)
    context = _context(waiting) | forms
    return screens.refuse("address/confirmation.html", form, refusal, **context)


def _context(waiting: Waiting) -> dict[str, object]:
    return {
        "waiting": waiting,
        "fate": address.fate(current_work(), sessions.member(), waiting),
        "code": AddressCodeForm.blank(),
        "again": OneClickForm.blank(),
    }


def _waiting() -> Waiting | None:
    """The change that waits: the one asked for in this same request, else the stored one."""
    known: Waiting | None = g.pop("waiting_change", None)
    return known or address.waiting(current_work(), sessions.member())


def _present() -> str:
    return sessions.member().email
