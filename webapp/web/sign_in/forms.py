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


class AppCodeForm(PortalForm):
    """Six digits that an app shows."""

    app_code = StringField(
        "Code de l’application",
        [
            Typed(
                "missing_app_code",
                "app_code_shape",
                lambda text: credentials.digits(text, credentials.APP_CODE_DIGITS),
            )
        ],
    )


class RecoveryCodeForm(PortalForm):
    """A code of the printed sheet."""

    recovery_code = StringField(
        "Code de secours",
        [Typed("missing_recovery_code", "recovery_code_shape", credentials.recovery_code)],
    )
