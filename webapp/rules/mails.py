"""Each mail, declared once: its key (the folder in `templates/mail/`), its French title, its kind,
and the facts that it is filled in with. The outbox, « Mes données » and the tests read this table;
what is not in it can't be written.

A fact is declared by an example, whose type is the fact's: a mail is given all of its facts, of
these types, and no others. Besides, each may tell when it was written (`at`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum

from webapp.rules.factors import Removed
from webapp.rules.typography import french

Facts = Mapping[str, object]
_UNKNOWN = "Un mail d’une autre version du site"  # the other one of an upgrade


class Kind(Enum):
    """How a mail leaves (services/mail/notices.py)."""

    TRANSACTIONAL = "transactional"  # somebody waits for it, and it is not counted
    NOTICE = "notice"  # tells what touches the security of a space: so many an hour
    URGENT_NOTICE = "urgent notice"  # its link stops or undoes something: places of its own


TRANSACTIONAL, NOTICE, URGENT_NOTICE = Kind.TRANSACTIONAL, Kind.NOTICE, Kind.URGENT_NOTICE


@dataclass(frozen=True)
class Declaration:
    """One mail: `facts` are examples; `others` are the facts with which it says something else.
    `of_one`: its title where it speaks of one member of a space of several, "" for the same."""

    key: str
    kind: Kind
    title: str
    facts: Facts = field(default_factory=dict)
    others: tuple[Facts, ...] = ()
    of_one: str = ""


def _table(*mails: Declaration) -> dict[str, Declaration]:
    return {each.key: each for each in mails}


_TOKEN, _SIX_DIGITS, _MASKED = "a-link.of.ours", "123456", "o•••@e•••.org"
_PERSON = "M. Gérard Exemple"
_DAY, _WEEK = timedelta(hours=24), timedelta(days=7)
_REGISTRATION = {"token": _TOKEN, "code": "1234567890123", "life": _DAY, "answer": _WEEK}

MAILS: Mapping[str, Declaration] = _table(
    # registration and sign-in
    Declaration(
        "registration", TRANSACTIONAL, "Demande de confirmation d’inscription",
        {**_REGISTRATION, "newer": True, "leaving": False, "joining": ""},
        (
            {**_REGISTRATION, "newer": True, "leaving": True, "joining": ""},
            {**_REGISTRATION, "newer": False, "leaving": False, "joining": ""},
            {**_REGISTRATION, "newer": False, "leaving": False, "joining": _PERSON},
        ),
    ),
    Declaration("space_opened", NOTICE, "Votre espace est ouvert"),
    Declaration("address_taken", TRANSACTIONAL, "Vous avez déjà un espace"),
    Declaration(
        "security_code", TRANSACTIONAL, "Votre code de sécurité",
        {"code": _SIX_DIGITS, "life": timedelta(minutes=5)},
    ),
    Declaration(
        "ten_failures", NOTICE, "Dix mots de passe faux", {"token": _TOKEN, "life": _DAY}
    ),
    Declaration(
        "new_device", NOTICE, "Nouvel appareil de confiance",
        {"agent": "Firefox sur Windows", "life": timedelta(days=30)},
    ),
    Declaration(
        "new_sign_in", NOTICE, "Connexion depuis un nouveau navigateur",
        {"agent": "Firefox sur Windows"},
    ),
    # a new password
    Declaration(
        "recovery", TRANSACTIONAL, "Choisir un nouveau mot de passe",
        {"token": _TOKEN, "life": timedelta(minutes=30)},
    ),
    Declaration(
        "password_forced", TRANSACTIONAL, "Choisissez un nouveau mot de passe",
        {"token": _TOKEN, "life": timedelta(minutes=30)},
    ),
    Declaration("password_changed", NOTICE, "Votre mot de passe a changé"),
    # another address
    Declaration(
        "address_change", TRANSACTIONAL, "Confirmez votre nouvelle adresse",
        {"token": _TOKEN, "code": _SIX_DIGITS, "life": _DAY},
    ),
    Declaration(
        "address_asked", NOTICE, "Changement d’adresse e-mail demandé",
        {"masked": _MASKED, "life": _DAY},
    ),
    Declaration("address_in_use", NOTICE, "Votre adresse e-mail a été demandée"),
    Declaration(
        "address_changed", URGENT_NOTICE, "Votre adresse e-mail a changé",
        {"token": _TOKEN, "masked": _MASKED, "life": _WEEK},
    ),
    Declaration("address_confirmed", NOTICE, "Cette adresse est celle de votre espace"),
    # second factors
    Declaration(
        "second_step_added", NOTICE, "Une deuxième étape ajoutée",
        {"kind": "passkey", "called": "Mon téléphone", "codes": True},
        ({"kind": "app", "called": "Mon appli", "codes": False},),
    ),
    Declaration(
        "second_step_removed", NOTICE, "Une deuxième étape retirée",
        {"gone": [Removed("app", "Mon téléphone")], "mail_again": True},
        (
            {"gone": [Removed("passkey", "Ma clé")], "mail_again": False},
            {"gone": [Removed("codes")], "mail_again": False},
            {
                "gone": [Removed("passkey", "Ma clé"), Removed("app", "Appli"), Removed("codes")],
                "mail_again": True,
            },
        ),
    ),
    Declaration(
        "recovery_codes", NOTICE, "Vos codes de secours", {"used": True, "left": 9},
        ({"used": True, "left": 0}, {"used": False, "left": 10}),
    ),
    Declaration("mailed_code", NOTICE, "Le code par mail", {"off": True}, ({"off": False},)),
    # a newer letter
    Declaration(
        "takeover", URGENT_NOTICE, "Votre accès va changer",
        {
            "token": _TOKEN,
            "address": _MASKED,
            "effective_at": datetime(2026, 12, 2, 9, 0, tzinfo=UTC),
        },
    ),
    Declaration("takeover_done", NOTICE, "Votre nouvel accès est ouvert"),
    Declaration("takeover_stopped", NOTICE, "Le changement est arrêté"),
    Declaration("takeover_taken", NOTICE, "Votre nouvel accès n’est pas ouvert"),
    # somebody joins the space of the same mailbox
    Declaration(
        "join_asked", NOTICE, "Quelqu’un demande à rejoindre votre espace",
        {"who": _PERSON, "until": datetime(2026, 12, 8, 9, 0, tzinfo=UTC)},
    ),
    Declaration("join_agreed", NOTICE, "Une personne de plus dans votre espace", {"who": _PERSON}),
    Declaration("join_refused", NOTICE, "Une demande refusée", {"who": _PERSON}),
    # a member leaves a space of several, or is in it already
    Declaration(
        "leaving", URGENT_NOTICE, "Une personne va quitter votre espace",
        {
            "token": _TOKEN,
            "address": _MASKED,
            "effective_at": datetime(2026, 12, 2, 9, 0, tzinfo=UTC),
            "person": _PERSON,
        },
    ),
    Declaration("leaving_done", NOTICE, "Une personne a quitté votre espace", {"person": _PERSON}),
    Declaration(
        "leaving_stopped", NOTICE, "Le départ de votre espace est arrêté", {"person": _PERSON}
    ),
    Declaration("parted", NOTICE, "Une personne n’est plus dans votre espace", {"person": _PERSON}),
    Declaration("already_there", TRANSACTIONAL, "Vous êtes déjà dans cet espace"),
    # an operator keeps everybody out, or no more
    Declaration(
        "suspension", NOTICE, "Votre espace est suspendu", {"suspended": True},
        ({"suspended": False},),
    ),
    # the relay, tried by an operator
    Declaration("trial", TRANSACTIONAL, "Essai d’envoi"),
    # closing
    Declaration(
        "closing_code", TRANSACTIONAL, "Votre code pour fermer votre espace",
        {"code": _SIX_DIGITS, "life": timedelta(minutes=5), "person": ""},
        ({"code": _SIX_DIGITS, "life": timedelta(minutes=5), "person": _PERSON},),
        "Votre code pour quitter l’espace",
    ),
    Declaration(
        "closing", NOTICE, "Votre espace va fermer",
        {"closing_at": datetime(2026, 12, 8, 9, 0, tzinfo=UTC), "person": ""},
        ({"closing_at": datetime(2026, 12, 8, 9, 0, tzinfo=UTC), "person": _PERSON},),
        "Une personne va quitter votre espace",
    ),
    Declaration(
        "closing_kept", NOTICE, "Votre espace reste ouvert", {"person": ""}, ({"person": _PERSON},),
        "Personne ne quitte votre espace",
    ),
    Declaration(
        "closed", NOTICE, "Votre espace est fermé", {"proof": "5\u00a0ans", "person": ""},
        ({"proof": "5\u00a0ans", "person": _PERSON},),
        "Une personne a quitté votre espace",
    ),
)  # fmt: skip


def declared(key: str) -> Declaration:
    """The mail of this key. Raises ValueError when there is none."""
    if key not in MAILS:
        raise ValueError(f"unknown mail {key!r}: declare it in rules/mails.py, with its title")
    return MAILS[key]


def check(key: str, facts: Facts) -> None:
    """Raise ValueError for a mail that is not declared, and for facts that are not its own, all of
    them, each of its example's type."""
    wanted = declared(key).facts
    if facts.keys() != wanted.keys():
        raise ValueError(f"mail {key!r} is given {sorted(facts)}, it takes {sorted(wanted)}")
    other = [name for name, value in facts.items() if type(value) is not type(wanted[name])]
    if other:
        raise ValueError(f"mail {key!r} is given {other} of another type than its example")


def title(key: str, *, of_one: bool = False) -> str:
    """What a member reads of a mail that was sent; `of_one`: about one of several who share a
    space. One that only another version of the portal declares is said to be so."""
    if key not in MAILS:
        return _UNKNOWN
    mail = MAILS[key]
    return french((of_one and mail.of_one) or mail.title)
