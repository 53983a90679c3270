"""What forms of the desk share."""

from collections.abc import Callable
from datetime import MAXYEAR, date

from wtforms import Field, StringField
from wtforms.validators import StopValidation

from webapp.rules import credentials, moments, roll_values
from webapp.rules.roll_dates import EARLIEST
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


def _today() -> date:
    return moments.paris_date(current_work().now)


def _day(text: str) -> date | None:
    """What the desk's databases and calendars can count with: a year that has an end."""
    this_year = _today().replace(month=12, day=31)  # the last one that two digits mean
    day = roll_values.read_day(text, this_year)
    return day if day and day >= EARLIEST and day.year < MAXYEAR else None


def _born(text: str) -> date | None:
    return roll_values.read_birth(text, _today())


class DayField(StringField):
    """A day, in any way that people write one; `normal` is a date. `missing` and `shape` are
    refusals; `read` returns None or raises ValueError for what is no such day."""

    def __init__(
        self,
        label: str,
        missing: str = "desk_missing_day",
        shape: str = "desk_missing_day",
        read: Callable[[str], date | None] = _day,
        **kwargs: object,
    ):
        def normal(text: str) -> date | None:
            try:
                return read(text)
            except ValueError:
                return None

        super().__init__(label, [Typed(missing, shape, normal)], **kwargs)
        self.normal: date


class BirthField(DayField):
    """A day of birth."""

    def __init__(self, label: str = "Date de naissance", **kwargs: object):
        super().__init__(label, "desk_missing_birth", "desk_birth_shape", _born, **kwargs)
