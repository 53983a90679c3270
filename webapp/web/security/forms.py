"""The forms of the page « Sécurité »."""

from wtforms import PasswordField

from webapp.web.forms import PortalForm, Typed, same_as_password
from webapp.web.recent_factors import StepsToRemoveField


class ChangePasswordForm(PortalForm):
    """The present one, then the new one twice."""

    present_password = PasswordField("Mot de passe actuel", [Typed("missing_present")])
    password = PasswordField("Nouveau mot de passe", [Typed("missing_new")])
    password_repeat = PasswordField(
        "Répétez votre nouveau mot de passe", [Typed("missing_repeat"), same_as_password]
    )
    remove = StepsToRemoveField()


class LeavingForm(PortalForm):
    """« Me déconnecter partout », and which recent second steps go too."""

    remove = StepsToRemoveField()
