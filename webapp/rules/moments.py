"""How moments are written in French, on screens and in mails: Paris time."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)


def paris_date(value: datetime) -> date:
    """The day that it is in Paris then."""
    return value.astimezone(PARIS).date()


def day(value: date | datetime) -> str:
    """« 1er décembre 2026 », in Paris."""
    if isinstance(value, datetime):
        value = paris_date(value)
    first = "er" if value.day == 1 else ""
    return f"{value.day}{first}\u00a0{MONTHS[value.month - 1]} {value.year}"


def hour(value: datetime) -> str:
    """« 14 h 05 », in Paris."""
    local = value.astimezone(PARIS)
    return f"{local.hour}\u00a0h\u00a0{local.minute:02d}"


def moment(value: datetime) -> str:
    """« 1er décembre 2026 à 14 h 05 », in Paris."""
    return f"{day(value)} à\u00a0{hour(value)}"
