"""The paper letters: the states of one, how long its code lives, why somebody gets none."""

from datetime import UTC, date, datetime, time, timedelta

from webapp.rules import lifetimes
from webapp.rules.moments import PARIS, paris_date
from webapp.rules.statuses import DECEASED, LEFT, REFUSED

SHEETS_A_FILE = 500

MADE, POSTED, RETURNED = "made", "posted", "returned"
USED, EXPIRED, VOID = "used", "expired", "void"
STATES = {  # as `flask letters list` counts them
    MADE: "faits, pas encore postés",
    POSTED: "postés",
    USED: "utilisés",
    EXPIRED: "périmés sans avoir servi",
    RETURNED: "revenus (NPAI)",
    VOID: "remplacés par un courrier plus récent",
}

STATE_OF_ONE = {  # the same, of one letter
    MADE: "fait",
    POSTED: "posté",
    USED: "utilisé",
    EXPIRED: "périmé",
    RETURNED: "revenu",
    VOID: "remplacé",
}

NOT_AT_THIS_ADDRESS, NO_ADDRESS, UNFIT = "npai", "sans_adresse", "mise_en_page"
SKIPPED = {  # why a member chosen for a batch gets no letter: key in the files, French words
    "parti": "partis",
    "decede": "décédés",
    "refus": "refusent l’espace en ligne",
    NOT_AT_THIS_ADDRESS: "dernier courrier revenu, adresse inchangée depuis",
    NO_ADDRESS: "sans adresse postale",
    UNFIT: "ne tiennent pas sur la lettre",
}
OF_STATUS = {LEFT: "parti", DECEASED: "decede", REFUSED: "refus"}


def printed_until(made_at: datetime) -> date:
    """« Bon jusqu’au »: the day that a letter made now promises, in Paris."""
    return paris_date(made_at) + lifetimes.LETTER_POSTING + lifetimes.ACCESS_CODE


def posted_until(on: date) -> date:
    """The last day of a code whose letter was posted on that day."""
    return on + lifetimes.ACCESS_CODE


def runs_from(last_day: date) -> datetime:
    """From when the 90 days of a code run that is good until the end of that day, in Paris."""
    end = datetime.combine(last_day + timedelta(days=1), time(), PARIS)
    return end.astimezone(UTC) - lifetimes.ACCESS_CODE  # 24 hours each, whatever clocks do


def trial_code(day: date) -> str:
    """The code of the letter that proves the chain, a day each; it opens nothing."""
    return f"{day:%Y-%m-%d}"


TRIAL_NUMBER = "ESSAI"
