"""What is typed of batches."""

from wtforms import BooleanField, Field, HiddenField, StringField, TextAreaField
from wtforms.validators import StopValidation

from webapp.cli import age_files
from webapp.desk.fields import DayField, ReasonField, ReasonForm
from webapp.services.letters.choosing import Choice
from webapp.web.forms import PortalForm

_KEY_ROOM = 1_000  # signs: an SSH key of 4096 bits and its comment
_OLDEST = 36_500  # days


def _a_count(_form: object, field: Field) -> None:
    text = (field.data or "").strip()
    field.normal = None
    if not text:
        return
    if not (text.isascii() and text.isdigit() and len(text) < 9 and int(text) > 0):
        raise StopValidation("desk_count_shape")
    field.normal = int(text)


class CountField(StringField):
    """A whole number, or nothing: `normal`."""

    def __init__(self, label: str, **kwargs: object):
        super().__init__(label, [_a_count], **kwargs)
        self.normal: int | None = None


def _a_public_key(_form: object, field: Field) -> None:
    text = " ".join((field.data or "").split())
    if not text:
        raise StopValidation("desk_missing_key")
    if text.upper().startswith("AGE-SECRET-KEY-"):
        field.data = ""  # shown to nobody again
        raise StopValidation("desk_key_secret")
    try:
        age_files.recipient(text[: _KEY_ROOM + 1])
    except age_files.NoRecipient:
        raise StopValidation("desk_key_shape") from None
    field.normal = text


class KeyField(StringField):
    """A public key of age's, or an SSH one: `normal`."""

    def __init__(self, label: str, **kwargs: object):
        super().__init__(label, [_a_public_key], **kwargs)
        self.normal = ""
        self.flags.required = True


class AskForm(ReasonForm):
    """A batch: for whom, whom its list is encrypted for, why."""

    new = BooleanField("Ceux qui attendent leur courrier")
    expired = BooleanField("Ceux dont le courrier est périmé sans avoir servi")
    unused_since = CountField("Ceux dont le courrier, parti depuis tant de jours, n’a pas servi")
    limit = CountField("Au plus tant de courriers")
    no_address = BooleanField("Aussi pour qui n’a pas d’adresse postale")
    key = KeyField("Clé publique de l’imprimeur")
    reason = ReasonField("Motif")

    def choice(self) -> Choice:
        """Whom for."""
        days = self.unused_since.normal
        return Choice(
            new=self.new.data,
            expired=self.expired.data,
            unused_since=None if days is None else min(days, _OLDEST),
            limit=self.limit.normal,
            no_address_needed=self.no_address.data,
        )


class PostedForm(PortalForm):
    """The day on which a batch left."""

    day = DayField("Jour où les courriers sont partis", shape="desk_posted_day")


class ReturnedForm(ReasonForm):
    """Numbers, one a line. `step`: check, note."""

    numbers = TextAreaField("Numéros d’adhérent des courriers revenus")
    step = HiddenField()

    @property
    def lines(self) -> list[str]:
        """As they were scanned or pasted."""
        return (self.numbers.data or "").splitlines()

    def validate_numbers(self, _field: Field) -> None:
        """Something is there. Raises StopValidation."""
        if not any(line.strip() for line in self.lines):
            raise StopValidation("desk_missing_numbers")
