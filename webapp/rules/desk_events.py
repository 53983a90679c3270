"""The events of the desk: what operators look at and do, and who they are."""

from webapp.rules.event import IN_HISTORY, TO_NO_MEMBER, Event

_REASON = "courrier égaré"
_OPERATOR = {"name": "a.petit", "role": "conseiller"}
_NAME = {"name": "\u00a0: {}"}  # whom it is about, for the mutual alone
_WHO = _NAME | {"role": ", {}"}
_WHY = {"reason": "\u00a0: {}"}

DESK_EVENTS: tuple[Event, ...] = (
    Event(
        "desk.looked", IN_HISTORY, "Votre dossier a été ouvert par un conseiller de la mutuelle",
        {"reason": _REASON}, ending=_WHY,
    ),
    Event(
        "desk.journal_read", TO_NO_MEMBER, "Journal d’un opérateur lu",
        {"by": "operator", "what": "a.petit"}, instead={
            "by": {
                "day": "Journal d’un jour lu",
                "nobody": "Journal d’un adhérent demandé, numéro de personne",
            }
        },
        ending={"what": "\u00a0: {}"},
    ),
    Event(
        "desk.member_journal_read", IN_HISTORY,
        "Le journal de votre dossier a été relu par un auditeur de la mutuelle",
    ),
    Event(
        "desk.journal_exported", TO_NO_MEMBER, "Journal exporté",
        {"first": "2026-11-01", "last": "2026-11-30"},
        ending={"first": " du {}", "last": " au {}"},
    ),
    Event("desk.looks_closed", TO_NO_MEMBER, "Trop de dossiers ouverts en une heure"),
    Event(
        "operator.added", TO_NO_MEMBER, "Opérateur ajouté", _OPERATOR | {"by": "c.martin"},
        ending=_WHO,
    ),
    Event(
        "desk.sought", TO_NO_MEMBER, "Recherche d’un adhérent au guichet, sans résultat",
        {"by": "number", "several": False},
        instead={"several": {True: "Recherche d’un adhérent au guichet : plusieurs possibles"}},
    ),
    Event(
        "desk.answers_wrong", IN_HISTORY,
        "Quelqu’un n’a pas su répondre aux questions d’un conseiller de la mutuelle : votre "
        "dossier est resté fermé",
    ),
    Event(
        "desk.unasked", IN_HISTORY,
        "Votre dossier a été ouvert sans question par un conseiller de la mutuelle",
        {"reason": _REASON}, ending=_WHY,
    ),
    Event(
        "desk.letter_wanted", IN_HISTORY,
        "Nouveau courrier demandé pour vous par un conseiller de la mutuelle",
        {"reason": _REASON}, ending=_WHY,
    ),
    Event(
        "desk.letter_taken_back", IN_HISTORY,
        "Nouveau courrier annulé par un conseiller de la mutuelle, avant d’être fait",
        {"reason": _REASON}, ending=_WHY,
    ),
    Event(
        "desk.confirmation_resent", TO_NO_MEMBER,
        "Inscription : message de confirmation renvoyé par un conseiller de la mutuelle",
        {"reason": _REASON}, ending=_WHY,
    ),
    Event(
        "desk.delay_lifted", IN_HISTORY,
        "Attente après trop d’essais levée par un conseiller de la mutuelle",
        {"reason": _REASON}, ending=_WHY,
    ),
    Event(
        "desk.newer_letter_stopped", IN_HISTORY,
        "Changement demandé avec un nouveau courrier arrêté par un conseiller de la mutuelle",
        {"reason": _REASON}, ending=_WHY,
    ),
    Event(
        "desk.status_noted", IN_HISTORY, "Situation notée par un conseiller de la mutuelle",
        {"status": "deceased", "reason": _REASON},
        instead={
            "status": {
                "active": "« Adhérent » noté par un conseiller de la mutuelle",
                "deceased": "Décès noté par un conseiller de la mutuelle",
                "refused": "Refus de l’espace en ligne noté par un conseiller de la mutuelle",
            }
        },
        ending=_WHY,
    ),
    Event(
        "desk.return_noted", IN_HISTORY,
        "Courrier noté revenu à l’envoyeur par un conseiller de la mutuelle",
        {"reason": _REASON}, ending=_WHY,
    ),
    Event(
        "desk.return_taken_back", IN_HISTORY,
        "Adresse postale notée bonne de nouveau par un conseiller de la mutuelle",
        {"reason": _REASON}, ending=_WHY,
    ),
    Event(
        "desk.second_asked", TO_NO_MEMBER, "Deuxième opérateur demandé",
        {"deed": "resume", "reason": _REASON}, ending=_WHY,
    ),
    Event(
        "desk.second_agreed", TO_NO_MEMBER, "Demande à deux acceptée, et faite",
        {"deed": "resume", "asked_by": "a.petit", "reason": _REASON, "answer": "vérifié"},
        ending={"asked_by": ", demandée par {}"} | _WHY | {"answer": "\u00a0; réponse\u00a0: {}"},
    ),
    Event(
        "desk.second_refused", TO_NO_MEMBER, "Demande à deux refusée",
        {"deed": "resume", "taken_back": False, "reason": _REASON},
        instead={"taken_back": {True: "Demande à deux reprise par qui l’a faite"}}, ending=_WHY,
    ),
    Event(
        "space.suspended", IN_HISTORY,
        "Espace suspendu par un conseiller de la mutuelle", {"reason": _REASON},
        ending=_WHY,
    ),
    Event(
        "space.resumed", IN_HISTORY,
        "Espace remis en service par un conseiller de la mutuelle", {"reason": _REASON},
        ending=_WHY,
    ),
    Event(
        "operator.disabled", TO_NO_MEMBER, "Opérateur désactivé",
        {"name": "a.petit", "by": "c.martin"}, ending=_NAME,
    ),
    Event(
        "operator.reset", TO_NO_MEMBER, "Clé d’un opérateur remplacée",
        {"name": "a.petit", "by": "c.martin"}, ending=_NAME,
    ),
    Event(
        "operator.enrolled", TO_NO_MEMBER, "Clé d’un opérateur enregistrée", _OPERATOR,
        ending=_WHO,
    ),
    Event(
        "operator.signed_in", TO_NO_MEMBER, "Opérateur connecté", {"name": "a.petit"}, ending=_NAME
    ),
    Event(
        "operator.refused", TO_NO_MEMBER, "Clé refusée au guichet", {"name": "a.petit"},
        ending=_NAME,
    ),
    Event(
        "desk.roll_uploaded", TO_NO_MEMBER, "Fichier des adhérents déposé au guichet",
        {"file": "adherents.xlsx", "sha256": "9f86d081", "rows": 1000, "operator": "a.petit"},
    ),
    Event(
        "desk.guard_accepted", TO_NO_MEMBER, "Alerte acceptée sur un fichier déposé",
        {"file": "adherents.xlsx", "accepted": "noms", "members": 7, "operator": "a.petit"},
    ),
    Event(
        "desk.roll_previewed", TO_NO_MEMBER, "Adhérents d’un fichier déposé affichés",
        {"file": "adherents.xlsx", "members": 20, "operator": "a.petit"},
    ),
    Event(
        "desk.roll_dropped", TO_NO_MEMBER, "Fichier déposé abandonné",
        {"file": "adherents.xlsx", "operator": "a.petit"},
    ),
    Event(
        "desk.list_downloaded", TO_NO_MEMBER, "Liste chiffrée d’un lot téléchargée",
        {"batch_id": 12, "letters": 480, "sha256": "9f86d081", "operator": "a.petit"},
    ),
    Event(
        "desk.list_reopened", TO_NO_MEMBER, "Téléchargement d’un lot permis de nouveau",
        {"batch_id": 12, "reason": _REASON, "operator": "c.martin"},
    ),
    Event(
        "desk.stuck_shown", TO_NO_MEMBER, "Numéros d’adhérents bloqués affichés",
        {"kind": "expired", "members": 10, "operator": "a.petit"},
    ),
)  # fmt: skip
