"""Facts of one member, made by hand, for what is said of them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from webapp.rules.persons import Person
from webapp.rules.statuses import ACTIVE
from webapp.services.desk.letters import LetterFacts
from webapp.services.desk.mails import SentMail
from webapp.services.desk.member import MemberFacts, OnTheRoll, RegistrationFacts
from webapp.services.desk.space import Space

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)  # ten o'clock in Paris
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
GOOD = LetterFacts("posted", NOW - 20 * DAY, date(2027, 2, 9), False, 7, 12, date(2026, 11, 11))
USED = replace(GOOD, state="used", used_at=NOW - 3 * DAY)
SENT = SentMail(
    "m1", "Validez votre inscription", NOW - HOUR, "sent", NOW - HOUR, NOW - HOUR, "", None, None
)
WAITING = RegistrationFacts(
    "r1", "waiting", "o•••@e•••.org", NOW - HOUR, NOW - HOUR, NOW + 23 * HOUR, False, SENT
)
SPACE = Space(
    opened_at=NOW - 100 * DAY, since=None, others=(), masked_email="o•••@e•••.org",
    must_choose=False, mailed_code_off=False, factors=(), codes_left=0, devices=(), sessions=(),
    takeover=None, changes=(), closing_at=None, suspended_at=None, last_sign_in=NOW - 8 * DAY,
    join_asked_until=None,
)  # fmt: skip
GERARD = Person(2, "0035791", "M.", "Gérard", "Exemple", ACTIVE, "2026-11", None, NOW)


def on_the_roll(status: str = ACTIVE) -> OnTheRoll:
    """Mme Odile Exemple."""
    return OnTheRoll(
        "0012345", "Mme", "Odile", "Exemple", status, None, ("12 RUE HAUTE", "38000 GRENOBLE"),
        "Santé Confort", None, NOW - 30 * DAY,
    )  # fmt: skip


def facts(status: str = ACTIVE, letter: LetterFacts = GOOD, **values: object) -> MemberFacts:
    """A member with a letter, and nothing else unless it is said."""
    bare = MemberFacts(on_the_roll(status), (letter,), (), None, (), (), (), None, None)
    return replace(bare, **values)  # type: ignore[arg-type]
