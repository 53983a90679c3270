"""The form of new terms."""

from wtforms import BooleanField, HiddenField
from wtforms.validators import StopValidation

from webapp.web.forms import PortalForm


class NewTermsForm(PortalForm):
    """The box to tick, and the version of the text beside it."""

    accept = BooleanField("J’accepte les conditions générales d’utilisation")
    version = HiddenField()

    def validate_accept(self, field: BooleanField) -> None:
        """The box must be ticked."""
        if not field.data:
            raise StopValidation("terms_unticked")
