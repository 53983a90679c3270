"""The forms of a forgotten password."""

from wtforms import PasswordField, StringField

from webapp.rules import credentials
from webapp.web.forms import EmailField, PortalForm, Typed, same_as_password


class AskForm(PortalForm):
    """Whose password is it?"""

    email = EmailField()
    number = StringField(
        "Numéro d’adhérent",
        [Typed("missing_number", "number_shape", credentials.member_number)],
    )


class NewPasswordForm(PortalForm):
    """The new one, twice."""

    password = PasswordField("Nouveau mot de passe", [Typed("missing_password")])
    password_repeat = PasswordField(
        "Répétez votre nouveau mot de passe", [Typed("missing_repeat"), same_as_password]
    )
