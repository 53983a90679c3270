"""The forms of a forgotten password."""

from wtforms import PasswordField, StringField

from webapp.rules import credentials
from webapp.web.forms import EmailField, PortalForm, Typed, same_as_password


def _number() -> StringField:
    return StringField(
        "Numéro d’adhérent",
        [Typed("missing_number", "number_shape", credentials.member_number)],
    )


class AskForm(PortalForm):
    """Whose password is it?"""

    email = EmailField()
    number = _number()


class NewPasswordForm(PortalForm):
    """The new one, twice."""

    password = PasswordField("Nouveau mot de passe", [Typed("missing_password")])
    password_repeat = PasswordField(
        "Répétez votre nouveau mot de passe", [Typed("missing_repeat"), same_as_password]
    )


class ForcedPasswordForm(NewPasswordForm):
    """The same behind a link that nobody gave the member number for."""

    number = _number()
