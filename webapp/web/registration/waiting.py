"""What a registration shows while it waits for its confirmation, and once it has it."""

from collections.abc import Mapping

from flask.typing import ResponseReturnValue

from webapp.rules.moments import hour, moment
from webapp.rules.ranks import Rank
from webapp.rules.refusals import Refusal
from webapp.services.confirmation import LinkFacts
from webapp.services.registration import RegistrationFacts
from webapp.web import screens, sessions, words
from webapp.web.forms import OneClickForm, PortalForm
from webapp.web.registration.forms import AddressForm, LetterAddressForm


def offers() -> dict[str, type[PortalForm]]:
    """What this visitor is offered: the mail again, another address."""
    return {"again": OneClickForm, "address": address_form()}


def address_form() -> type[AddressForm]:
    """With the letter, unless the password was given: somebody else may sit there by now."""
    return AddressForm if sessions.rank() is Rank.WAITING else LetterAddressForm


def show(template: str, mine: RegistrationFacts, forms: Mapping[str, type[PortalForm]]) -> str:
    """A screen of the wait, or screen 9 when it is over."""
    if mine.state == "confirmed":
        return finished(mine, own=sessions.rank() is Rank.REGISTERING)
    return screens.show_kept(template, _words(mine), forms, **_shape(mine))


def refuse(
    template: str, mine: RegistrationFacts, refusal: Refusal, form: PortalForm, **forms: PortalForm
) -> ResponseReturnValue:
    """The same with a refusal beside its field; `forms` that are not given are blank."""
    blank = {name: each.blank() for name, each in offers().items()}
    context: dict[str, object] = {**_words(mine), **_shape(mine), **blank, **forms}
    return screens.refuse(template, form, refusal, **context)


def finished(end: RegistrationFacts | LinkFacts, *, own: bool = False) -> str:
    """Screen 9; for a newer letter it says when the new access opens, or that it was stopped.

    `own`: in the browser that registered, which is then offered to the next person.
    """
    opens = {"opens": words.said(moment, end.effective_at)}
    return screens.show_kept("registration/finished.html", opens, takeover=end.takeover, own=own)


def _words(mine: RegistrationFacts) -> dict[str, str]:
    return {
        "email": mine.email,
        "mailed": words.said(hour, mine.mailed_at),
        "expires": moment(mine.expires_at),
    }


def _shape(mine: RegistrationFacts) -> dict[str, bool]:
    return {"newer": mine.newer, "undeliverable": mine.undeliverable}
