"""The forms of another address."""

from wtforms import PasswordField, StringField

from webapp.rules import credentials
from webapp.web.forms import EmailField, PortalForm, Typed


class NewAddressForm(PortalForm):
    """Which address, and the present password."""

    email = EmailField("Nouvelle adresse e-mail")
    present_password = PasswordField("Mot de passe actuel", [Typed("missing_password")])


class AddressCodeForm(PortalForm):
    """The six digits mailed to the new address."""

    address_code = StringField(
        "Code reçu à la nouvelle adresse",
        [
            Typed(
                "missing_security_code",
                "address_code_shape",
                lambda text: credentials.digits(text, credentials.SECURITY_CODE_DIGITS),
            )
        ],
    )
