"""The forms of registration."""

from wtforms import BooleanField, HiddenField, PasswordField, StringField
from wtforms.validators import StopValidation

from webapp.rules import credentials
from webapp.rules.passwords import weakness
from webapp.rules.refusals import Refusal
from webapp.web.email_fields import AsksAddressForm, NewEmailField
from webapp.web.forms import CodeField, NumberField, PortalForm, Typed, same_as_password


def _strong(form: "AboutMeForm", field: PasswordField) -> None:
    email, number = form.email.data or "", form.number.data or ""
    if key := weakness(field.data, email=email, member_number=number):
        raise StopValidation(key)


class AccessCodeField(StringField):
    """The access code of the letter; `normal` has the signs of the roll's."""

    def __init__(self, label: str = "Code d’accès", **kwargs: object):
        typed = Typed("missing_access_code", "access_code_shape", credentials.access_code)
        super().__init__(label, [typed], **kwargs)


class AboutMeForm(AsksAddressForm):
    """Step 1. With `proved`, letter and password of a moment ago may stay as they are, together:
    another password asks for the letter again, and so does another address
    (services/registration/drafts.py).

    `changing`: another password was typed. Refused pages never send it back, so that leaving it
    out on the next one would bring the former back, unseen.
    """

    number = NumberField()
    access_code = AccessCodeField()
    email = NewEmailField()
    changing = HiddenField()
    password = PasswordField("Mot de passe", [Typed("missing_password"), _strong])
    password_repeat = PasswordField(
        "Répétez votre mot de passe", [Typed("missing_repeat"), same_as_password]
    )

    def __init__(self, *args: object, proved: bool = False, **kwargs: object):
        super().__init__(*args, **kwargs)
        self.proved = proved
        if proved:
            self._let_empty_stay()

    def _let_empty_stay(self) -> None:
        if self.changing.data or self.password.data or self.password_repeat.data:
            self.changing.data = "y"
            return
        for field in (self.access_code, self.password, self.password_repeat):
            field.flags.required = False
            if not field.data:
                field.validators = []
                field.normal = None

    def refuse(self, refusal: Refusal) -> None:
        """Once it is asked for, the access code is marked so."""
        super().refuse(refusal)
        if refusal.key == "missing_access_code":
            self.access_code.flags.required = True


class TermsForm(PortalForm):
    """Step 2."""

    accept = BooleanField("J’accepte les conditions générales d’utilisation")

    def validate_accept(self, field: BooleanField) -> None:
        """The box must be ticked."""
        if not field.data:
            raise StopValidation("terms_unticked")


class AddressForm(AsksAddressForm):
    """Another address for the mail."""

    email = NewEmailField("Nouvelle adresse e-mail")

    def chosen(self) -> dict[str, str]:
        """What was typed, as services/registration/address.py asks for it."""
        return {"email": self.email.normal}


class LetterAddressForm(AddressForm):
    """The same with the letter in hand."""

    access_code = AccessCodeField()

    def chosen(self) -> dict[str, str]:
        """Address and access code."""
        return {**super().chosen(), "access_code": self.access_code.normal}


class ActivationForm(PortalForm):
    """The 13 digits of the mail, typed or pasted with their sentence."""

    activation_code = CodeField(
        "Code d’activation",
        credentials.ACTIVATION_CODE_DIGITS,
        "missing_activation_code",
        "activation_code_shape",
    )
