"""Each event of the journal, declared once: its key, its French words, who reads it, and the facts
that it may carry. The history, « Mes données » and the tests read this table; what is not in it
can't be written.

A fact is declared by an example, whose type is the fact's. Facts are never secrets, never whole
e-mail addresses: see `docs/words.md` (journal).
"""

from collections.abc import Mapping

from webapp.rules.desk_events import DESK_EVENTS
from webapp.rules.event import IN_HISTORY, IN_MY_DATA, TO_NO_MEMBER, Event, Facts

_UNKNOWN = "Événement noté par une autre version du site"  # the other one of an upgrade


def _table(*events: Event) -> dict[str, Event]:
    return {each.key: each for each in events}


_AGENT, _TERMS, _REASON = "Firefox sur Windows", "2026-11", "courrier égaré"
_FILE = {"import_id": 7, "operator": "c.martin", "file": "adherents.xlsx", "sha256": "9f86d081"}
_ROLL = {"added": 12, "changed": 3, "unchanged": 985, "letters": 12, **_FILE}
_GUARDED = {"accepted": "noms, nouveaux", "marked": 7}

EVENTS: Mapping[str, Event] = _table(
    Event("roll.imported", TO_NO_MEMBER, "Fichier des adhérents importé", _ROLL | _GUARDED),
    Event(
        "roll.undone", TO_NO_MEMBER, "Import du fichier des adhérents annulé",
        {
            "import_id": 7, "operator": "c.martin", "removed": 12, "restored": 3,
            "reason": "mauvais fichier",
        },
    ),
    # registration
    Event(
        "registration.letter_refused", TO_NO_MEMBER,
        "Inscription : numéro d’adhérent et code d’accès refusés",
    ),
    Event(
        "registration.letter_over", TO_NO_MEMBER,
        "Inscription tentée avec un courrier qui n’est plus valable", {"why": "expired"},
        instead={
            "why": {
                "replaced": "Inscription tentée avec un courrier remplacé par un plus récent",
                "returned": "Inscription tentée avec un courrier noté revenu",
                "spent": "Inscription tentée avec un courrier qui a déjà servi",
            }
        },
    ),
    Event(
        "registration.membership_over", TO_NO_MEMBER,
        "Inscription tentée avec le courrier de quelqu’un qui est parti ou décédé",
    ),
    Event(
        "registration.space_held", TO_NO_MEMBER,
        "Inscription tentée avec le courrier de quelqu’un dont l’espace est suspendu",
    ),
    Event("registration.drafted", TO_NO_MEMBER, "Inscription commencée"),
    Event(
        "registration.already_member", IN_MY_DATA,
        "Inscription tentée avec votre courrier, alors que vous avez un espace",
    ),
    Event(
        "registration.submitted", TO_NO_MEMBER, "Inscription envoyée",
        {"terms": _TERMS, "address_taken": False},
    ),
    Event(
        "registration.mail_resent", TO_NO_MEMBER, "Inscription : message de confirmation renvoyé"
    ),
    Event(
        "registration.address_changed", TO_NO_MEMBER, "Inscription : adresse e-mail corrigée",
        {"address_taken": False},
    ),
    Event("registration.code_refused", TO_NO_MEMBER, "Inscription : code d’activation faux"),
    Event(
        "registration.confirmed", IN_HISTORY, "Espace ouvert", {"by": "link", "terms": _TERMS}
    ),
    Event(
        "registration.address_conflict", TO_NO_MEMBER,
        "Inscription : l’adresse e-mail sert à un autre espace",
    ),
    # somebody joins the space of the same mailbox
    Event(
        "registration.join_asked", TO_NO_MEMBER,
        "Inscription validée : rejoindre l’espace de la même adresse e-mail",
        {"by": "link", "terms": _TERMS},
    ),
    Event(
        "registration.join_refused", TO_NO_MEMBER,
        "Inscription refusée par la personne qui ouvre l’espace de la même adresse e-mail",
    ),
    Event("household.asked", IN_HISTORY, "Un adhérent demande à rejoindre cet espace"),
    Event("household.agreed", IN_HISTORY, "Un adhérent autorisé à rejoindre cet espace"),
    Event("household.refused", IN_HISTORY, "Un adhérent refusé dans cet espace"),
    Event("household.joined", IN_HISTORY, "Vous avez rejoint cet espace"),
    # sign-in
    Event(
        "sign_in.password_refused", IN_HISTORY, "Mot de passe faux",
        {"known_device": False},
    ),
    Event(
        "sign_in.password_accepted", IN_MY_DATA, "Mot de passe accepté à la connexion",
        {"waiting": False},
    ),
    Event("sign_in.code_resent", IN_MY_DATA, "Code de sécurité renvoyé"),
    Event("sign_in.code_refused", IN_HISTORY, "Code faux", {"left": 4}),
    Event("sign_in.code_locked", IN_HISTORY, "Connexion arrêtée après cinq codes faux"),
    Event(
        "sign_in.done", IN_HISTORY, "Connexion réussie",
        {"by": "code", "remembered": False, "agent": _AGENT}, ending={"agent": " depuis {}"},
    ),
    Event(
        "sign_in.shut", IN_HISTORY, "Connexion pendant que l’espace était fermé",
        {"by": "code", "agent": _AGENT}, ending={"agent": " depuis {}"},
    ),
    Event(
        "sign_in.disputed", IN_HISTORY, "Vous avez dit : « Ce n’était pas moi »",
        {"entry": 1234, "at": "2026-12-01T09:00:00+00:00"},
    ),
    Event(
        "sign_in.passkey_refused", IN_HISTORY, "Clé d’accès refusée à la connexion",
        {"why": "signature", "whole": False},
    ),
    # a new password
    Event("recovery.asked", IN_HISTORY, "Mot de passe oublié : lien demandé"),
    Event("recovery.done", IN_HISTORY, "Nouveau mot de passe choisi par le lien du message"),
    Event(
        "recovery.number_refused", IN_MY_DATA,
        "Numéro d’adhérent faux, après le lien du message pour un nouveau mot de passe",
    ),
    # re-authentication
    Event(
        "proof.given", IN_MY_DATA, "Mot de passe redonné dans l’espace", {"by": "password"},
        instead={"by": {"passkey": "Clé d’accès montrée de nouveau dans l’espace"}},
    ),
    Event("proof.refused", IN_HISTORY, "Mot de passe actuel faux, dans l’espace"),
    Event(
        "proof.passkey_refused", IN_HISTORY, "Clé d’accès refusée, dans l’espace",
        {"why": "signature"},
    ),
    # security: password, address, sessions
    Event("password.changed", IN_HISTORY, "Mot de passe changé"),
    Event(
        "address.asked", IN_HISTORY, "Changement d’adresse e-mail demandé",
        {"address_taken": False},
    ),
    Event("address.mail_resent", IN_MY_DATA, "Changement d’adresse e-mail : message renvoyé"),
    Event("address.code_refused", IN_MY_DATA, "Changement d’adresse e-mail : code faux"),
    Event("address.cancelled", IN_HISTORY, "Changement d’adresse e-mail annulé"),
    Event("address.changed", IN_HISTORY, "Adresse e-mail changée", {"by": "link"}),
    Event(
        "address.conflict", IN_MY_DATA,
        "Adresse e-mail inchangée : elle sert maintenant à un autre espace",
    ),
    Event("address.undone", IN_HISTORY, "Ancienne adresse e-mail rétablie"),
    Event("session.ended", IN_HISTORY, "Déconnexion", {"all": False}),
    Event(
        "session.shut_by_mutual", IN_HISTORY,
        "Connexions fermées et appareils oubliés par votre mutuelle", {"reason": _REASON},
    ),
    Event("device.forgotten", IN_HISTORY, "Appareil de confiance oublié"),
    # second factors
    Event(
        "second_step.added", IN_HISTORY, "Deuxième étape ajoutée",
        {"kind": "passkey", "codes": True},
        instead={
            "kind": {
                "passkey": "Clé d’accès ajoutée",
                "app": "Application d’authentification ajoutée",
            }
        },
    ),
    Event(
        "second_step.removed", IN_HISTORY, "Deuxième étape retirée",
        {"kind": "passkey", "mail_again": False},
        instead={
            "kind": {
                "passkey": "Clé d’accès retirée",
                "app": "Application d’authentification retirée",
                "codes": "Codes de secours retirés",
            }
        },
    ),
    Event("second_step.codes_made", IN_HISTORY, "Nouveaux codes de secours"),
    Event(
        "second_step.mail", IN_HISTORY, "Code de sécurité par mail arrêté", {"off": True},
        instead={"off": {False: "Code de sécurité par mail rétabli"}},
    ),
    # a newer letter
    Event(
        "letters.made", TO_NO_MEMBER, "Lot de courriers fait",
        {"batch_id": 12, "operator": "c.martin", "letters": 480, "reason": _REASON},
    ),
    Event(
        "letters.posted", TO_NO_MEMBER, "Lot de courriers posté",
        {"batch_id": 12, "operator": "c.martin", "on": "2026-12-01"},
    ),
    Event(
        "letter.returned", TO_NO_MEMBER, "Courrier revenu : n’habite pas à l’adresse indiquée",
        {"operator": "c.martin"},
    ),
    Event("letter.reissued", TO_NO_MEMBER, "Courrier refait par la mutuelle", {"reason": _REASON}),
    Event(
        "takeover.confirmed", IN_HISTORY, "Changement d’accès confirmé avec un nouveau courrier",
        {"by": "link", "terms": _TERMS},
    ),
    Event("takeover.stopped", IN_HISTORY, "Changement d’accès arrêté", {"by": "member"}),
    Event("takeover.done", IN_HISTORY, "Nouvel accès ouvert avec un nouveau courrier"),
    # a member leaves a space of several
    Event(
        "leaving.confirmed", IN_HISTORY,
        "Espace à part demandé avec un nouveau courrier", {"by": "link", "terms": _TERMS},
    ),
    Event("leaving.stopped", IN_HISTORY, "Départ de l’espace arrêté", {"by": "member"}),
    Event("leaving.done", IN_HISTORY, "Une personne a quitté l’espace avec un nouveau courrier"),
    Event("leaving.opened", IN_HISTORY, "Espace à part ouvert avec un nouveau courrier"),
    Event(
        "person.parted", IN_HISTORY, "Une personne a été retirée de l’espace par la mutuelle",
        {"reason": _REASON},
    ),
    Event(
        "person.gone", IN_HISTORY,
        "Une personne n’est plus montrée : votre mutuelle a noté son départ", {"status": "left"},
        instead={
            "status": {
                "deceased": "Une personne n’est plus montrée : votre mutuelle a noté un décès"
            }
        },
    ),
    Event(
        "person.back", IN_HISTORY, "Une personne est montrée de nouveau dans l’espace",
        {"status": "active"},
    ),
    Event("person.closed", IN_HISTORY, "Une personne a quitté l’espace, à sa demande"),
    # the roll closes a space, or opens it again
    Event(
        "space.shut", IN_HISTORY, "Espace fermé : votre mutuelle a noté votre départ",
        {"status": "left"},
        instead={"status": {"deceased": "Espace fermé : votre mutuelle a noté un décès"}},
    ),
    Event(
        "space.reopened", IN_HISTORY, "Espace rouvert par votre mutuelle", {"status": "active"}
    ),
    # my data: export, closing, terms
    Event("data.exported", IN_MY_DATA, "Données téléchargées"),
    Event("account.closing_asked", IN_MY_DATA, "Code demandé pour fermer l’espace"),
    Event(
        "account.closing_code_refused", IN_MY_DATA, "Code faux pour fermer l’espace", {"left": 4}
    ),
    Event("account.closing", IN_HISTORY, "Fermeture de l’espace demandée"),
    Event("account.kept", IN_HISTORY, "Fermeture de l’espace annulée"),
    Event("account.closed", TO_NO_MEMBER, "Espace fermé"),
    Event("terms.accepted", IN_MY_DATA, "Conditions acceptées", {"terms": _TERMS}),
    Event("terms.declined", IN_MY_DATA, "Conditions pas acceptées", {"terms": _TERMS}),
    *DESK_EVENTS,
    # the portal itself
    Event(
        "mail.failed", TO_NO_MEMBER, "Message refusé par la messagerie",
        {"letter": "security_code", "status": "550"},
    ),
    Event(
        "mail.bounced", TO_NO_MEMBER, "Message revenu : la boîte mail n’a pas pu le recevoir",
        {"letter": "security_code", "status": "5.1.1"},
    ),
    Event(
        "mail.expired", TO_NO_MEMBER, "Message jeté, parti trop tard", {"letter": "security_code"}
    ),
    Event(
        "database.restored", TO_NO_MEMBER,
        "Sauvegarde remise en place : connexions et demandes en cours terminées", {"spaces": 42},
    ),
    Event("database.purged", TO_NO_MEMBER, "Données effacées à la fin de leur durée", {"rows": 42}),
)  # fmt: skip
HISTORY = tuple(each.key for each in EVENTS.values() if each.shown is IN_HISTORY)


def check(key: str, facts: Facts, *, account_id: int | None = None) -> None:
    """Raise ValueError for an event that is not declared, for a fact that is not or that is of
    another type, and for an account where no member reads the event."""
    event = EVENTS.get(key)
    if event is None:
        raise ValueError(f"unknown event {key!r}: declare it in rules/events.py, with its words")
    if undeclared := set(facts) - set(event.facts):
        raise ValueError(f"event {key!r} may not carry {sorted(undeclared)}")
    if other := _of_another_type(event, facts):
        raise ValueError(f"event {key!r} carries {other} of another type than its example")
    if account_id is not None and event.shown is TO_NO_MEMBER:
        raise ValueError(f"event {key!r} is shown to no member, and this one is about an account")


def told(key: str, facts: Facts) -> str:
    """What a member reads of an entry of the journal. One of an event that only another version of
    the portal declares is said to be so."""
    event = EVENTS.get(key)
    return event.told(facts) if event else _UNKNOWN


def tells(key: str, fact: str) -> bool:
    """Whether the words of this event say this fact."""
    event = EVENTS.get(key)
    return event is not None and fact in event.ending


def _of_another_type(event: Event, facts: Facts) -> list[str]:
    return [name for name, value in facts.items() if type(value) is not type(event.facts[name])]
