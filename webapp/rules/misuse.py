"""What may tell of an operator who looks for something else than a member's call: said once, for
the journal's page and for the alerts. A sign is no proof."""

from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from webapp.rules.accents import unaccented
from webapp.rules.moments import PARIS, paris_date

LOOKED, UNASKED = "desk.looked", "desk.unasked"
WRONG, SOUGHT, CLOSED = "desk.answers_wrong", "desk.sought", "desk.looks_closed"
# what an operator does about a member that changes nothing for them
LOOKING = (LOOKED, UNASKED, WRONG, SOUGHT, CLOSED, "desk.member_journal_read")

OPENS, CLOSES = time(7), time(21)  # the call centre's hours at their widest, in Paris
SUNDAY = 6
MONTH = timedelta(days=30)
CROWD = 3  # operators who looked at one member
SIGNS = {
    "idle": "Dossiers ouverts sans rien y faire",
    "unasked": "Dossiers ouverts sans poser de question",
    "colleagues": "Dossiers d’un homonyme d’opérateur",
    "crowd": "Dossiers que trois opérateurs ou plus ont ouverts",
    "night": "Dossiers ouverts la nuit ou un dimanche",
    "wrong": "Dossiers fermés sur de mauvaises réponses",
    "sought": "Recherches sans résultat",
    "closed": "Refus : trop de dossiers en une heure",
}


def nights(begins: datetime, ends: datetime) -> Iterator[tuple[datetime, datetime]]:
    """When nobody is expected at the desk between these moments: from its closing to its opening
    (not included), Sundays in one piece. Public holidays are taken for days like others."""
    shut = begins
    day = paris_date(begins)
    while day <= paris_date(ends):
        if day.weekday() != SUNDAY:
            opens, closes = (_at(day, clock) for clock in (OPENS, CLOSES))
            if opens > shut:
                yield shut, min(opens, ends)
            shut = max(shut, closes)
        day += timedelta(days=1)
    if shut < ends:
        yield shut, ends


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, PARIS).astimezone(UTC)


@lru_cache(4096)  # a month has tens of thousands of looks, and far fewer names
def called(name: str) -> str:
    """An operator's name to compare: its letters alone. « A. Petit », « a.petit », « apetit »."""
    return "".join(sign for sign in unaccented(name).casefold() if sign.isalpha())


def names(first: str, last: str) -> set[str]:
    """How an operator who is this member could be called: first name or its initials, and last
    name, either way round. Nothing without both."""
    family, whole = called(last), called(first)
    initials = "".join(called(part)[:1] for part in first.replace("-", " ").split())
    if not family or not whole:
        return set()
    return {
        each
        for given in (whole, initials, initials[:1])
        for each in (given + family, family + given)
    }


def is_namesake(operators: Collection[str], first: str, last: str) -> bool:
    """Whether one of these operators, as `called` writes them, bears this member's name."""
    family = called(last)
    if not any(family in each for each in operators):
        return False  # as good as everybody, told without making a name
    return not names(first, last).isdisjoint(operators)
