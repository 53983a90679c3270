"""The questions that may be put to the journal."""

from wtforms import StringField

from webapp.desk.fields import DayField
from webapp.rules import credentials
from webapp.web.forms import PortalForm, Typed


def _row_id(text: str) -> int | None:
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 19 else None


class OperatorForm(PortalForm):
    """By operator."""

    operator = StringField(
        "Opérateur", [Typed("desk_missing_operator", "desk_missing_operator", _row_id)]
    )


class MemberForm(PortalForm):
    """By member, exactly."""

    number = StringField(
        "Numéro d’adhérent",
        [Typed("desk_journal_number", "desk_journal_number", credentials.typed_number)],
    )


class DayForm(PortalForm):
    """By day."""

    on = DayField("Jour")


class PeriodForm(PortalForm):
    """What to export: from one day to another, both included."""

    first_day = DayField("Du")
    last_day = DayField("Au")
