"""What the screen of a member tells, section by section, as `flask members show` does; but for the
postal address, which is masked (a caller says it, and nobody copies it), and others' numbers."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from webapp.rules.moments import moment
from webapp.services.desk import told, told_letters
from webapp.services.desk.member import MemberFacts, RegistrationFacts
from webapp.services.desk.space import Space
from webapp.services.desk.told_letters import Field


class Section(NamedTuple):
    """A title and its fields; none where `words` say all. `dated`: each field is a moment and what
    happened then."""

    title: str
    fields: Sequence[Field]
    words: str = ""
    dated: bool = False


def sections(facts: MemberFacts, now: datetime) -> list[Section]:
    """What stands in columns, without what there is nothing to tell of."""
    told_of = (
        section._replace(fields=[field for field in section.fields if field[1]])
        for section in _sections(facts, now)
    )
    return [section for section in told_of if section.fields or section.words]


def _sections(facts: MemberFacts, now: datetime) -> Iterator[Section]:
    present, *before = facts.letters
    yield Section(
        "Courrier",
        [
            *told_letters.present(present, facts.on_the_roll.status),
            ("Demandé", told.wanted(facts.letter_wanted_at)),
        ],
    )
    for each in facts.registrations[:1]:
        yield Section("Inscription", _registration(each, facts.joins_until))
    if facts.space:
        yield Section("Espace", _space(facts.space))
        yield Section("Changements en cours", told.changes(facts.space, now))
    else:
        yield Section("Espace", [], "Aucun espace n’est ouvert.")
    yield Section("Attentes après trop d’essais", told.waiting(facts.waits))
    if facts.space:
        yield Section("Connexions et appareils", told.opened(facts.space))
    yield Section("Fichier des adhérents", told.roll(facts.on_the_roll, masked=True))
    for letter in before:
        yield Section("Courrier d’avant", told_letters.former(letter))
    for each in facts.registrations[1:]:
        yield Section("Inscription d’avant", told.registration(each))
    yield Section("Derniers messages", told.mailed(facts.mails), dated=True)
    yield Section("Derniers événements", told.happened(facts.events), dated=True)


def _registration(one: RegistrationFacts, joins_until: datetime | None) -> list[Field]:
    return [
        *told.registration(one),
        ("Son mail", told.became(one.mail) if one.mail else ""),
        ("Accord demandé", f"jusqu’au {moment(joins_until)}" if joins_until else ""),
    ]


def _space(space: Space) -> list[Field]:
    last = space.last_sign_in
    return [
        *told.space(space, masked=True),
        ("Dernière connexion", f"le {moment(last)}" if last else "aucune depuis un an"),
    ]
