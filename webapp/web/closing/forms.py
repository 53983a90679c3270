"""The forms of closing a space."""

from wtforms import PasswordField

from webapp.web.forms import PortalForm, SecurityCodeField, Typed


class CloseForm(PortalForm):
    """The present password."""

    present_password = PasswordField("Mot de passe actuel", [Typed("missing_present")])


class ClosingCodeForm(PortalForm):
    """Six digits, typed or pasted with their sentence."""

    security_code = SecurityCodeField()
