"""The forms of closing a space."""

from wtforms import PasswordField, StringField

from webapp.rules import credentials
from webapp.web.forms import PortalForm, Typed


class CloseForm(PortalForm):
    """The present password."""

    present_password = PasswordField("Mot de passe actuel", [Typed("missing_password")])


class ClosingCodeForm(PortalForm):
    """Six digits, typed or pasted with their sentence."""

    security_code = StringField(
        "Code de sécurité",
        [
            Typed(
                "missing_security_code",
                "security_code_shape",
                lambda text: credentials.digits(text, credentials.SECURITY_CODE_DIGITS),
            )
        ],
    )
