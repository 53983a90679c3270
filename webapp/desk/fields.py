"""What forms of the desk share."""

from datetime import date

from wtforms import Field, StringField
from wtforms.validators import StopValidation

from webapp.rules import credentials, moments, roll_values
from webapp.web.forms import PortalForm, Typed
from webapp.web.transactions import current_work

LONGEST_REASON = 200  # signs


def _a_reason(_form: object, field: Field) -> None:
    text = " ".join(credentials.visible(field.data or "").split())
    if not text:
        raise StopValidation("desk_missing_reason")
    if len(text) > LONGEST_REASON:
        raise StopValidation("desk_reason_long")
    if credentials.has_control_characters(text):
        raise StopValidation("odd_characters")
    field.normal = text


class ReasonField(StringField):
    """Why: the operator's words, which the member can read. `normal`: without spaces around."""

    def __init__(self, label: str = "Motif", **kwargs: object):
        super().__init__(label, [_a_reason], **kwargs)
        self.normal = ""
        self.flags.required = True


class ReasonForm(PortalForm):
    """A deed's form: nothing but why."""

    reason = ReasonField()


def _born(text: str) -> date | None:
    try:
        return roll_values.read_birth(text, moments.paris_date(current_work().now))
    except ValueError:
        return None


class BirthField(StringField):
    """A day of birth, in any way that people write one; `normal` is a date."""

    def __init__(self, label: str = "Date de naissance", **kwargs: object):
        typed = Typed("desk_missing_birth", "desk_birth_shape", _born)
        super().__init__(label, [typed], **kwargs)
