"""The forms of signing in."""

from wtforms import BooleanField, PasswordField, StringField

from webapp.rules import credentials
from webapp.web.forms import EmailField, PortalForm, Typed


class PasswordForm(PortalForm):
    """Screen 10."""

    email = EmailField()
    password = PasswordField("Mot de passe", [Typed("missing_password")])
    remember = BooleanField("Se souvenir de moi")


class SecurityCodeForm(PortalForm):
    """Screen 12: six digits, typed or pasted with their sentence."""

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
