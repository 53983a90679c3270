"""What `flask members show` prints of a member: sections of lines, each a name and what it says."""

from collections.abc import Iterator
from datetime import datetime

from webapp.cli import letter_lines, lines
from webapp.cli.lines import Field
from webapp.rules.roll_values import shown
from webapp.services.desk import told, told_letters
from webapp.services.desk.member import MemberFacts


def of(facts: MemberFacts, now: datetime) -> Iterator[str]:
    """Every section, the empty ones with a word that says so."""
    wanted = told.wanted(facts.letter_wanted_at)
    entry = [*told.roll(facts.on_the_roll), ("Courrier demandé", wanted)]
    yield from _section(f"Adhérent {shown(facts.on_the_roll.number)}", entry)
    present, *before = facts.letters
    yield from _section(
        "Courrier", told_letters.present(present, facts.on_the_roll.status, letter_lines.HINTS)
    )
    for letter in before:
        yield from _section("Courrier d’avant", told_letters.former(letter))
    for each in facts.registrations:
        yield from _section("Inscription", told.registration(each))
    yield from _section("Espace", told.space(facts.space) if facts.space else [], "aucun")
    if facts.space:
        yield from _section("Connexions et appareils", told.opened(facts.space), "aucun")
        yield from _section("Changements en cours", told.changes(facts.space, now), "aucun")
    yield from _section("Attentes après trop d’essais", told.waiting(facts.waits), "aucune")
    yield from _section("Derniers mails", told.mailed(facts.mails), "aucun")
    yield from _section("Derniers événements", told.happened(facts.events), "aucun")


def _section(title: str, fields: list[Field], empty: str = "") -> Iterator[str]:
    if fields or not empty:
        yield title
        yield from lines.told(fields)
    else:
        yield f"{title} : {empty}"
