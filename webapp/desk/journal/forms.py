"""The questions that may be put to the journal."""

from datetime import date

from wtforms import StringField

from webapp.rules import credentials
from webapp.web.forms import PortalForm, Typed


def _row_id(text: str) -> int | None:
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 19 else None


def _day(text: str) -> date | None:
    """As a browser's calendar writes it, or as it is typed where there is none: 30/11/2026."""
    parts = text.strip().split("/")
    iso = "-".join(reversed(parts)) if len(parts) == 3 else text.strip()
    try:
        found = date.fromisoformat(iso)
    except ValueError:
        return None
    return found if 1900 < found.year < 9999 else None


_A_DAY = Typed("desk_missing_day", "desk_missing_day", _day)


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

    on = StringField("Jour", [_A_DAY])


class PeriodForm(PortalForm):
    """What to export: from one day to another, both included."""

    first_day = StringField("Du", [_A_DAY])
    last_day = StringField("Au", [_A_DAY])
