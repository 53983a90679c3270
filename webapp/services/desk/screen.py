"""What the screen of a member tells, section by section, as `flask members show` does; but for the
postal address, which is masked: a caller says it, and nobody copies it."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from webapp.rules.moments import moment
from webapp.services.desk import told, told_letters
from webapp.services.desk.member import MemberFacts, RegistrationFacts
from webapp.services.desk.space import Space
from webapp.services.desk.told_letters import Field


class Section(NamedTuple):
    """A title and its fields; `empty` says that there are none."""

    title: str
    fields: Sequence[Field]
    empty: str = ""


def sections(facts: MemberFacts, now: datetime) -> list[Section]:
    """What stands in columns: letters, registrations, space, waits, roll."""
    return [
        Section(title, [field for field in fields if field[1]], empty)
        for title, fields, empty in _sections(facts, now)
    ]


def _sections(facts: MemberFacts, now: datetime) -> Iterator[tuple[str, Sequence[Field], str]]:
    present, *before = facts.letters
    wanted = facts.letter_wanted_at
    yield (
        "Courrier",
        [
            *told_letters.present(present, facts.on_the_roll.status),
            ("Demandé", f"le {moment(wanted)}, pour le prochain lot" if wanted else ""),
        ],
        "",
    )
    for each in facts.registrations[:1]:
        yield "Inscription", _registration(each, facts.joins_until), ""
    yield "Espace", _space(facts.space) if facts.space else [], "Aucun espace n’est ouvert."
    if facts.space:
        yield "Changements en cours", told.changes(facts.space, now), "Aucun."
    yield "Attentes après trop d’essais", told.waiting(facts.waits), "Aucune."
    if facts.space:
        yield "Connexions et appareils", told.opened(facts.space), "Aucun."
    yield "Fichier des adhérents", told.roll(facts.on_the_roll, masked=True), ""
    for letter in before:
        yield "Courrier d’avant", told_letters.former(letter), ""
    for each in facts.registrations[1:]:
        yield "Inscription d’avant", told.registration(each), ""


def _registration(one: RegistrationFacts, joins_until: datetime | None) -> list[Field]:
    return [
        *told.registration(one),
        ("Son mail", told.became(one.mail) if one.mail else ""),
        ("Accord demandé", f"jusqu’au {moment(joins_until)}" if joins_until else ""),
    ]


def _space(space: Space) -> list[Field]:
    last = space.last_sign_in
    return [
        *told.space(space),
        ("Dernière connexion", f"le {moment(last)}" if last else "aucune depuis un an"),
    ]
