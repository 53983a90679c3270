"""The forms of signing in."""

from wtforms import BooleanField, PasswordField, StringField

from webapp.rules import credentials, email_slips
from webapp.web.email_fields import EmailField
from webapp.web.forms import AppCodeField, PortalForm, SecurityCodeField, Typed


class PasswordForm(PortalForm):
    """Screen 10."""

    email = EmailField(reason=email_slips.reason_or_number)
    password = PasswordField("Mot de passe", [Typed("missing_password")])
    remember = BooleanField("Se souvenir de moi")


class SecurityCodeForm(PortalForm):
    """Screen 12: six digits, typed or pasted with their sentence."""

    security_code = SecurityCodeField()


class AppCodeForm(PortalForm):
    """Six digits that an app shows."""

    app_code = AppCodeField()


class RecoveryCodeForm(PortalForm):
    """A code of the printed sheet."""

    recovery_code = StringField(
        "Code de secours",
        [Typed("missing_recovery_code", "recovery_code_shape", credentials.recovery_code)],
    )
