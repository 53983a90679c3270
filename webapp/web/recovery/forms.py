"""The forms of a forgotten password."""

from wtforms import PasswordField

from webapp.web.forms import EmailField, NumberField, PortalForm, Typed, same_as_password
from webapp.web.recent_factors import StepsToRemoveField


class AskForm(PortalForm):
    """Whose password is it?"""

    email = EmailField()
    number = NumberField()


class NewPasswordForm(PortalForm):
    """The new one, twice, and which recent second steps go with the old one."""

    password = PasswordField("Nouveau mot de passe", [Typed("missing_new")])
    password_repeat = PasswordField(
        "Répétez votre nouveau mot de passe", [Typed("missing_repeat"), same_as_password]
    )
    remove = StepsToRemoveField()


class ForcedPasswordForm(NewPasswordForm):
    """The same behind a link that nobody gave the member number for."""

    number = NumberField()
