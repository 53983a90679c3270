"""The forms that add a second step."""

from wtforms import StringField

from webapp.rules import credentials
from webapp.web.forms import AppCodeField, PortalForm, Typed
from webapp.web.passkeys import PasskeyForm

_NAMED = Typed("missing_name", "name_shape", credentials.own_name)


class NewPasskeyForm(PasskeyForm):
    """A name, and what the device answers."""

    name = StringField("Nom de cette clé", [_NAMED])


class NewAppForm(PortalForm):
    """A name, and the first code that the app shows."""

    name = StringField("Nom de cette application", [_NAMED])
    app_code = AppCodeField()
