"""What to do about a mail that a member waits for: the one of a registration, those of a space."""

from collections.abc import Iterator
from datetime import datetime

from webapp.models.outbox import RELAY_REFUSES
from webapp.rules.moments import hour, moment
from webapp.services.desk.mails import SentMail
from webapp.services.desk.member import MemberFacts, RegistrationFacts
from webapp.services.desk.space import Space

_SPAM = "de regarder dans ses indésirables"
_OURS = (
    "mail_ours",
    "Les messages attendent chez nous : le relais les refuse, et ce n’est pas la faute de "
    "l’adhérent. Prévenez l’informatique ; ils partiront d’eux-mêmes ensuite.",
)


def of_registration(facts: MemberFacts, now: datetime) -> Iterator[tuple[str, str]]:
    """The registration under way, if there is one."""
    if facts.joins_until:
        yield (
            "joins",
            "L’inscription est validée, avec l’adresse e-mail d’un espace qui existe : la personne "
            f"qui ouvre cet espace doit encore accepter, avant le {moment(facts.joins_until)}. "
            "Pour un espace à part : recommencer avec le courrier et une autre adresse.",
        )
        return
    newest = facts.registrations[0] if facts.registrations else None
    if newest is None or newest.state == "confirmed":
        return
    if newest.void:
        yield (
            "registration_void",
            "L’inscription n’a pas été validée à temps, et ne vaut plus rien. Elle se recommence "
            "avec le courrier.",
        )
    elif newest.state == "draft":
        yield (
            "registration_draft",
            "L’inscription est commencée, mais les conditions générales ne sont pas acceptées : "
            "aucun message n’est parti. L’adhérent reprend avec son courrier, coche la case et "
            "continue.",
        )
    else:
        yield _waiting(newest, now)


def of_space(facts: MemberFacts, space: Space) -> Iterator[tuple[str, str]]:
    """The newest mail to the space came back, or can't leave."""
    newest = facts.mails[0] if facts.mails else None
    if newest is None:
        return
    if newest.state == "ready" and newest.error.startswith(RELAY_REFUSES):
        yield _OURS
    elif _came_back(newest):
        yield (
            "mail_back",
            f"Les messages à {space.masked_email} reviennent{_codes(newest)} : la boîte mail est "
            "pleine, fermée ou mal écrite. Sur un appareil de confiance, l’adhérent change "
            "d’adresse dans son espace, « Sécurité » ; sinon, il lui faut un nouveau courrier.",
        )


def _waiting(one: RegistrationFacts, now: datetime) -> tuple[str, str]:
    mail, to = one.mail, one.masked_email
    if mail is not None and _came_back(mail):
        return (
            "registration_back",
            f"Le message à {to} est revenu{_codes(mail)} : l’adresse est sans doute mal écrite. "
            "L’adhérent recommence l’inscription avec son courrier et la bonne adresse. C’est lui "
            "qui la saisit, pas vous.",
        )
    if mail is not None and mail.state == "expired":
        return (
            "registration_late",
            "Le message n’a pas pu partir à temps. L’adhérent le redemande sur la page "
            "« Inscription en cours », ou renvoyez-le d’ici.",
        )
    if mail is not None and mail.state in ("ready", "claimed"):
        return _not_gone(mail)
    when = f" le {moment(mail.ended_at)}" if mail is not None and mail.ended_at else ""
    late = " Sa boîte le fait attendre." if mail is not None and mail.outcome == "delayed" else ""
    return (
        "registration_sent",
        f"Un message est parti{when} à {to}.{late} Demandez à l’adhérent s’il reconnaît cette "
        f"adresse, et {_SPAM}. Le lien est bon jusqu’au {moment(one.expires_at)}. Mauvaise "
        "adresse : il recommence l’inscription avec son courrier.",
    )


def _not_gone(mail: SentMail) -> tuple[str, str]:
    if mail.error.startswith(RELAY_REFUSES):
        return _OURS
    if mail.error:
        return (
            "registration_retried",
            f"Le message n’est pas encore parti ({mail.error}) : nouvel essai à "
            f"{hour(mail.not_before)}, de lui-même.",
        )
    return (
        "registration_leaving",
        "Le message va partir : qu’il attende une ou deux minutes, puis regarde dans ses "
        "indésirables.",
    )


def _came_back(mail: SentMail) -> bool:
    return mail.state == "failed" or mail.outcome == "failed"


def _codes(mail: SentMail) -> str:
    codes = mail.outcome_status if mail.outcome == "failed" else mail.error
    return f" ({codes})" if codes else ""
