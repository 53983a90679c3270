"""What a registration shows while it waits for its confirmation, and once it has it."""

from collections.abc import Mapping

from flask.typing import ResponseReturnValue

from webapp.rules.ranks import Rank
from webapp.rules.refusals import Refusal
from webapp.services.registration.confirmation import ConfirmationLink
from webapp.services.registration.pending import RegistrationFacts
from webapp.web import flash, screens, sessions
from webapp.web.forms import OneClickForm, PortalForm
from webapp.web.registration.forms import ActivationForm, AddressForm, LetterAddressForm

ADDRESS_CHANGED = flash.declare(
    "adresse",
    "C’est fait : le message est parti à la nouvelle adresse. L’ancien lien ne marche plus.",
)


def offers() -> dict[str, type[PortalForm]]:
    """What this visitor is offered: the mail again, another address."""
    return {"again": OneClickForm, "address": address_form()}


def address_form() -> type[AddressForm]:
    """The form of another address. It asks for the letter's code unless the password was given:
    somebody else may sit there by now."""
    return AddressForm if sessions.rank() is Rank.WAITING else LetterAddressForm


def show(template: str, mine: RegistrationFacts, forms: Mapping[str, type[PortalForm]]) -> str:
    """A screen of the wait, or screen 9 when it is over."""
    if mine.state == "confirmed":
        return finished(mine, own=sessions.rank() is Rank.REGISTERING)
    return screens.show(template, mine=mine, **forms)


def refuse(
    template: str, mine: RegistrationFacts, refusal: Refusal, form: PortalForm, **forms: PortalForm
) -> ResponseReturnValue:
    """The same with a refusal beside its field; `forms` that are not given are blank."""
    return screens.refuse(template, form, refusal, mine=mine, **(offers() | forms))


def screen() -> str:
    """The screen on which this visitor waits."""
    waiting = sessions.rank() is Rank.WAITING
    return "registration.in_progress" if waiting else "registration.recorded"


def refuse_there(
    mine: RegistrationFacts | None, refusal: Refusal, form: PortalForm, **forms: PortalForm
) -> ResponseReturnValue:
    """The screen on which this visitor waits, with the refusal of one of its forms; they are sent
    back to it when nothing waits any more."""
    if mine is None or mine.state != "waiting":
        return screens.send_to(screen())
    if screen() == "registration.in_progress":
        forms = {"code": ActivationForm.blank(), **forms}
        return refuse("registration/in_progress.html", mine, refusal, form, **forms)
    return refuse("registration/recorded.html", mine, refusal, form, **forms)


def finished(end: RegistrationFacts | ConfirmationLink, *, own: bool = False) -> str:
    """Screen 9; for a newer letter it says when the new access opens, or that it was stopped.

    `own`: in the browser that registered, which is then offered to the next person.
    """
    return screens.show("registration/finished.html", end=end, own=own)
