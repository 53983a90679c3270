"""The forms of a forgotten password."""

from wtforms import PasswordField

from webapp.web.forms import EmailField, NumberField, PortalForm, Typed, same_as_password


class AskForm(PortalForm):
    """Whose password is it?"""

    email = EmailField()
    number = NumberField()


class NewPasswordForm(PortalForm):
    """The new one, twice."""

    password = PasswordField("Nouveau mot de passe", [Typed("missing_password")])
    password_repeat = PasswordField(
        "Répétez votre nouveau mot de passe", [Typed("missing_repeat"), same_as_password]
    )


class ForcedPasswordForm(NewPasswordForm):
    """The same behind a link that nobody gave the member number for."""

    number = NumberField()
