"""The forms of another address."""

from wtforms import PasswordField

from webapp.web.forms import EmailField, PortalForm, SecurityCodeField, Typed


class NewAddressForm(PortalForm):
    """Which address, and the present password."""

    email = EmailField("Nouvelle adresse e-mail")
    present_password = PasswordField("Mot de passe actuel", [Typed("missing_present")])


class AddressCodeForm(PortalForm):
    """The six digits mailed to the new address."""

    address_code = SecurityCodeField("Code reçu à la nouvelle adresse", "address_code_shape")
