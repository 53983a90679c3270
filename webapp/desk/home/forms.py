"""The three ways to say whom the caller is, each exact."""

from wtforms import StringField

from webapp.desk.fields import BirthField
from webapp.rules import credentials, email_slips
from webapp.rules.accents import plain_words
from webapp.web import domains
from webapp.web.forms import PortalForm, Typed


def _name(text: str) -> str | None:
    return text if plain_words(text) else None


def _email(text: str) -> str | None:
    return domains.email(email_slips.cleaned(text))


class ByNumber(PortalForm):
    """The number on the letter or the card."""

    number = StringField(
        "Numéro d’adhérent",
        [Typed("desk_missing_number", "desk_number_shape", credentials.typed_number)],
    )


class ByName(PortalForm):
    """Both names and the day of birth, as the roll has them."""

    last_name = StringField("Nom", [Typed("desk_missing_name", "desk_missing_name", _name)])
    first_name = StringField("Prénom", [Typed("desk_missing_name", "desk_missing_name", _name)])
    born = BirthField()


class ByEmail(PortalForm):
    """The address of the space."""

    space_email = StringField(
        "Adresse e-mail de l’espace", [Typed("desk_missing_email", email_slips.reason, _email)]
    )
