"""The forms of registration."""

from typing import Any

from wtforms import BooleanField, PasswordField, StringField
from wtforms.validators import StopValidation

from webapp.rules import credentials
from webapp.rules.passwords import weakness
from webapp.web.forms import CodeField, EmailField, NumberField, PortalForm, Typed, same_as_password


def _strong(form: "AboutMeForm", field: PasswordField) -> None:
    email, number = form.email.data or "", form.number.data or ""
    if key := weakness(field.data, email=email, member_number=number):
        raise StopValidation(key)


class AboutMeForm(PortalForm):
    """Step 1. With `proved`, the letter and the password of a moment ago may stay as they are."""

    number = NumberField()
    access_code = StringField(
        "Code d’accès",
        [Typed("missing_access_code", "access_code_shape", credentials.access_code)],
    )
    email = EmailField()
    password = PasswordField("Mot de passe", [Typed("missing_password"), _strong])
    password_repeat = PasswordField(
        "Répétez votre mot de passe", [Typed("missing_repeat"), same_as_password]
    )

    def __init__(self, *args: Any, proved: bool = False, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.proved = proved
        if proved:
            self._let_empty_stay()

    def _let_empty_stay(self) -> None:
        kept = [self.access_code]
        if not self.password.data and not self.password_repeat.data:
            kept += [self.password, self.password_repeat]
        for field in kept:
            if not field.data:
                field.validators = []
                field.normal = None
        for field in (self.access_code, self.password, self.password_repeat):
            field.flags.required = False

    def ask_for_all(self) -> None:
        """What was proved is no longer worth anything: nothing may stay empty."""
        self.proved = False
        for field in (self.access_code, self.password, self.password_repeat):
            field.flags.required = True


class TermsForm(PortalForm):
    """Step 2."""

    accept = BooleanField("J’accepte les conditions générales d’utilisation")

    def validate_accept(self, field: BooleanField) -> None:
        """The box must be ticked."""
        if not field.data:
            raise StopValidation("terms_unticked")


class AddressForm(PortalForm):
    """Another address for the mail."""

    email = EmailField("Nouvelle adresse e-mail")


class ActivationForm(PortalForm):
    """The 13 digits of the mail, typed or pasted with their sentence."""

    activation_code = CodeField(
        "Code d’activation",
        credentials.ACTIVATION_CODE_DIGITS,
        "missing_activation_code",
        "activation_code_shape",
    )
