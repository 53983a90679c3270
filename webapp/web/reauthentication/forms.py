"""The form that asks the present password again."""

from wtforms import PasswordField

from webapp.web.forms import PortalForm, Typed


class ReauthForm(PortalForm):
    """« C’est bien vous ? »"""

    present_password = PasswordField("Mot de passe actuel", [Typed("missing_present")])
