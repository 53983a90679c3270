"""What there is to tell of a member, in French: a name and what it says, for each. The screen of
the desk and `flask members show` say the same."""

from collections.abc import Sequence
from datetime import datetime

from webapp.rules import postal
from webapp.rules.moments import day, moment
from webapp.rules.persons import Person
from webapp.rules.roll_values import shown
from webapp.rules.statuses import WORDS
from webapp.services.desk.mails import SentMail
from webapp.services.desk.member import Event, OnTheRoll, RegistrationFacts
from webapp.services.desk.space import ChangeState, Opened, Space, TakeoverState
from webapp.services.desk.told_letters import Field
from webapp.services.desk.waits import Wait

ROOM = 120
_STEPS = {
    "draft": "commencée, conditions générales pas encore acceptées",
    "waiting": "attend que l’adresse e-mail soit validée",
    "confirmed": "terminée",
}
_RANKS = {
    "code": "attend le code de la deuxième étape",
    "terms": "attend l’accord sur les nouvelles conditions",
    "member": "connecté",
}
_FACTORS = {"passkey": "clé d’accès", "app": "application d’authentification"}
_TAKEOVERS = {"stopped": "arrêté", "done": "fait"}
LIMITS = {
    "access_code": "Code d’accès du courrier",
    "registration_mail": "Mail d’inscription",
    "registration_resend": "Renvoi du mail d’inscription",
    "activation_code": "Code d’activation",
    "password": "Mot de passe",
    "present_password": "Mot de passe redemandé dans l’espace",
    "recovery": "Lien de mot de passe oublié",
    "recovery_number": "Numéro d’adhérent après ce lien",
    "code_account": "Code de sécurité",
    "code_mail": "Envoi du code de sécurité",
    "code_resend": "Renvoi du code de sécurité",
    "address_mail": "Mail de changement d’adresse",
    "address_code": "Code de changement d’adresse",
    "closing_code": "Code de fermeture",
    "app_setup": "Ajout d’une application",
}


def roll(entry: OnTheRoll, *, masked: bool = False) -> list[Field]:
    """The roll's own words. `masked`: of the address, what its owner can be asked for alone."""
    status = WORDS.get(entry.status, entry.status)
    if entry.missing_since:
        status += f", absent du fichier depuis le {day(entry.missing_since)}"
    address = postal.masked(entry.address) if masked else entry.address
    joined = f"adhésion le {day(entry.joined_on)}" if entry.joined_on else ""
    return [
        ("Nom", shown(entry.names, ROOM) or "non renseigné"),
        ("Situation", status),
        ("Adresse", ", ".join(shown(line, ROOM) for line in address) or "non renseignée"),
        ("Contrat", ", ".join(filter(None, (shown(entry.contract, ROOM), joined)))),
        ("Fichier", f"mis à jour le {moment(entry.updated_at)}"),
    ]


def wanted(at: datetime | None) -> str:
    """The letter that an operator asked for, "" for none."""
    return f"le {moment(at)}, il sera dans le prochain lot" if at else ""


def suspended(since: datetime | None) -> str:
    """A space that an operator suspended, "" for one that is open."""
    return f"depuis le {moment(since)} : personne n’y entre ni n’y change rien" if since else ""


def registration(one: RegistrationFacts) -> list[Field]:
    """One, be it over."""
    over = one.void and one.state != "confirmed"
    return [
        ("Étape", "n’est plus valable" if over else _STEPS.get(one.state, one.state)),
        ("Commencée", f"le {moment(one.created_at)}"),
        ("Adresse e-mail", one.masked_email),
        ("Mail écrit", f"le {moment(one.mailed_at)}" if one.mailed_at else ""),
        ("Fin", f"le {moment(one.expires_at)}" if one.state != "confirmed" else ""),
    ]


def space(space: Space, *, masked: bool = False) -> list[Field]:
    """Since when, with whom, with which second factors. `masked`: the others without numbers."""
    factors = [
        (
            _FACTORS[each.kind].capitalize(),
            f"ajoutée le {moment(each.added_at)}, {_used(each.last_used_at)}",
        )
        for each in space.factors
    ]
    mail = "arrêté" if space.mailed_code_off and space.factors else "oui"
    return [
        ("Ouvert", f"le {moment(space.opened_at)}"),
        ("Suspendu", suspended(space.suspended_at)),
        ("Rejoint", f"le {moment(space.since)}" if space.since else ""),
        *(("Partagé avec", _other(each, masked)) for each in space.others),
        ("Adresse e-mail", space.masked_email),
        (
            "Mot de passe",
            "ne marche plus : à choisir de nouveau par le lien" if space.must_choose else "",
        ),
        ("Code par mail", mail),
        *factors,
        ("Codes de secours", f"{space.codes_left} restants" if space.codes_left else ""),
    ]


def _other(person: Person, masked: bool) -> str:
    gone = "" if person.is_here else f" ({WORDS.get(person.status, person.status)})"
    number = "" if masked else f"{shown(person.number)} : "
    return f"{number}{shown(person.name, ROOM)}{gone}"


def _used(last: datetime | None) -> str:
    return f"a servi le {moment(last)}" if last else "n’a pas encore servi"


def opened(space: Space) -> list[Field]:
    """The sessions and the trusted devices."""
    sessions = [
        ("Connexion", _visit(each, _RANKS.get(each.rank, each.rank))) for each in space.sessions
    ]
    return sessions + [("Appareil de confiance", _visit(each, "")) for each in space.devices]


def _visit(one: Opened, rank: str) -> str:
    agent = shown(one.agent) or "navigateur inconnu"
    said = [agent, rank, f"depuis le {moment(one.since)}", f"vu le {moment(one.last_used_at)}",
            f"jusqu’au {moment(one.ends_at)}"]  # fmt: skip
    return ", ".join(filter(None, said))


def changes(space: Space, now: datetime) -> list[Field]:
    """What waits to change the space."""
    found = [("Nouvel accès", _takeover(space.takeover))] if space.takeover else []
    found += [("Adresse e-mail", _change(each)) for each in space.changes]
    if space.closing_at:
        found.append(("Fermeture", f"demandée : {_closing(space, space.closing_at, now)}"))
    return found


def _closing(space: Space, closing_at: datetime, now: datetime) -> str:
    over = closing_at <= now
    if space.others:
        late = "est en train de quitter" if over else "quittera"
        return f"cet adhérent {late} l’espace le {moment(closing_at)}, qui reste aux autres"
    late = "est en train d’être effacé" if over else "sera effacé"
    return f"l’espace {late} le {moment(closing_at)}"


def _takeover(takeover: TakeoverState) -> str:
    if takeover.state == "waiting" and takeover.leaves:
        return (
            f"demandé le {moment(takeover.created_at)} avec un nouveau courrier : un espace à part "
            f"s’ouvrira le {moment(takeover.effective_at)} si l’espace partagé ne l’arrête pas"
        )
    if takeover.state == "waiting":
        return (
            f"demandé le {moment(takeover.created_at)} avec un nouveau courrier, s’ouvrira le "
            f"{moment(takeover.effective_at)} si l’ancienne adresse ne l’arrête pas"
        )
    ended = f" le {moment(takeover.ended_at)}" if takeover.ended_at else ""
    return f"{_TAKEOVERS.get(takeover.state, takeover.state)}{ended}"


def _change(change: ChangeState) -> str:
    if change.state == "waiting":
        return (
            f"{change.masked_email} demandée le {moment(change.created_at)}, attend d’être validée "
            f"jusqu’au {moment(change.until)}"
        )
    return (
        f"{change.masked_email} depuis sa validation ; l’ancienne peut la reprendre jusqu’au "
        f"{moment(change.until)}"
    )


def waiting(waits: Sequence[Wait]) -> list[Field]:
    """The limits that are closed, and until when."""
    return [
        (LIMITS[each.limit], f"jusqu’au {moment(each.until)}"
         + (", sur un appareil de confiance seulement" if each.device else ""))
        for each in waits
    ]  # fmt: skip


def mailed(mails: Sequence[SentMail]) -> list[Field]:
    """When each was written, and what became of it."""
    return [(moment(each.created_at), f"{each.title} : {became(each)}") for each in mails]


def became(mail: SentMail) -> str:
    """The relay’s answer, and what a report said later, in words."""
    ended = f" le {moment(mail.ended_at)}" if mail.ended_at else ""
    if mail.outcome == "failed":
        return (
            f"revenu, la boîte mail n’a pas pu le recevoir ({mail.outcome_status or 'sans code'})"
        )
    if mail.state == "sent":
        after = {"delayed": ", remise retardée", "delivered": ", remis"}.get(mail.outcome or "", "")
        return f"pris par le relais{ended}{after}"
    if mail.state == "failed":
        return f"refusé par la messagerie{ended} ({mail.error})"
    if mail.state == "expired":
        return f"jeté{ended}, il serait parti trop tard"
    if mail.error:
        return f"réessayé à partir du {moment(mail.not_before)} ({mail.error})"
    return "en attente d’envoi" if mail.state == "ready" else "en cours d’envoi"


def happened(events: Sequence[Event]) -> list[Field]:
    """When, and what, with the operator's reason where the words do not say it."""
    return [(moment(each.at), _with_reason(each)) for each in events]


def _with_reason(event: Event) -> str:
    if not event.reason or event.words.endswith(event.reason):
        return event.words
    return f"{event.words} (motif : {shown(event.reason, 200)})"
