"""What to do for one member, said for each state that their facts are in, the most pressing first.

Pure: facts in, sentences out. They name what the caller does or what an operator can do here; never
a code, a password or a whole address, which the facts do not have.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from webapp.rules.moments import day, hour, moment, paris_date
from webapp.rules.statuses import CLOSED_SPACE, DECEASED, LEFT, REFUSED
from webapp.services.desk import advice_of_letters, advice_of_mails
from webapp.services.desk.member import MemberFacts
from webapp.services.desk.space import Space, TakeoverState
from webapp.services.desk.told import LIMITS
from webapp.services.desk.waits import Wait


class Advice(NamedTuple):
    """One sentence or two; `key` names the state that it is for."""

    key: str
    words: str


_STATUSES = {
    DECEASED: "Décès noté : l’espace est fermé et aucun courrier ne part. Présentez vos "
    "condoléances, et passez l’appel au service qui suit les dossiers. S’il y a erreur, c’est le "
    "fichier des adhérents qui se corrige.",
    LEFT: "L’adhérent est noté parti : son espace est fermé et aucun courrier ne part. S’il dit "
    "être encore adhérent, c’est le fichier qui se corrige : prévenez le service des adhésions.",
    REFUSED: "L’adhérent refuse l’espace en ligne : aucun courrier ne part. S’il a changé d’avis, "
    "c’est à noter dans le fichier, puis un courrier peut partir.",
}
_LIMITS = {
    "access_code": "Faites-lui relire le code de son courrier le plus récent, signe par signe.",
    "password": "D’ici là, même le bon est refusé. « Mot de passe oublié » marche tout de suite : "
    "il y faut le numéro d’adhérent et la boîte mail.",
    "recovery": "Le lien déjà envoyé est peut-être dans les indésirables.",
    "registration_resend": "Le message déjà envoyé reste bon : peut-être dans les indésirables.",
    "code_resend": "Le dernier code envoyé reste bon cinq minutes.",
}
_OPEN = (
    Advice(
        "open",
        "L’espace est ouvert : l’adhérent se connecte avec son e-mail et son mot de passe.",
    ),
    Advice(
        "open_password",
        "Mot de passe perdu : « Mot de passe oublié », sur la page de connexion.",
    ),
    Advice(
        "open_mailbox",
        "Boîte mail perdue aussi : un nouveau courrier, qui ouvre un nouvel accès 24 heures après.",
    ),
    Advice("open_stolen", "Téléphone ou ordinateur volé : déconnectez-le partout."),
)


def of(facts: MemberFacts, now: datetime) -> tuple[Advice, ...]:
    """At least one."""
    status = facts.on_the_roll.status
    found = [Advice(status, _STATUSES[status])] if status in _STATUSES else []
    if status in CLOSED_SPACE:
        return tuple(found)
    if facts.space:
        found += _of_space(facts, facts.space, now)
    else:
        found += [Advice(*each) for each in _of_newcomer(facts, now)]
    return tuple(found)


def _of_space(facts: MemberFacts, space: Space, now: datetime) -> Iterator[Advice]:
    pressing = [
        *_suspended(space), *_waits(facts.waits, now), *_takeover(space.takeover, now),
        *_closing(space, now), *_changes(space),
        *(Advice(*each) for each in advice_of_mails.of_space(facts, space)),
    ]  # fmt: skip
    yield from pressing
    if space.must_choose:
        yield Advice(
            "must_choose",
            "Le mot de passe ne marche plus : l’adhérent en choisit un autre par « Mot de passe "
            "oublié », avec son numéro d’adhérent.",
        )
    elif not pressing:
        yield from _OPEN
    yield from (Advice(*each) for each in advice_of_letters.beside_a_space(facts))
    yield from _together(space)


def _of_newcomer(facts: MemberFacts, now: datetime) -> Iterator[tuple[str, str]]:
    yield from _waits(facts.waits, now)
    begun = list(advice_of_mails.of_registration(facts, now))
    yield from begun
    goes_on = any(key != "registration_void" for key, _ in begun)
    if not goes_on or not advice_of_letters.is_good(facts):
        yield from advice_of_letters.without_a_space(facts, now)


def _suspended(space: Space) -> Iterator[Advice]:
    if space.suspended_at:
        yield Advice(
            "suspended",
            f"L’espace est suspendu depuis le {moment(space.suspended_at)} : personne n’y entre, "
            "pas même l’adhérent. Le remettre en service se demande ici, et un deuxième opérateur "
            "doit accepter : l’adhérent entre ensuite comme avant.",
        )


def _waits(waits: tuple[Wait, ...], now: datetime) -> Iterator[Advice]:
    for each in waits:
        where = ", sur son appareil de confiance" if each.device else ""
        yield Advice(
            f"wait_{each.limit}",
            f"Trop d’essais ({_lowered(LIMITS[each.limit])}{where}) : possible de nouveau "
            f"{_when(each.until, now)}. {_LIMITS.get(each.limit, 'Rien n’est perdu.')}",
        )


def _takeover(takeover: TakeoverState | None, now: datetime) -> Iterator[Advice]:
    if takeover is None:
        return
    if takeover.state == "waiting":
        what = "Un espace à part" if takeover.leaves else "Un nouvel accès"
        yield Advice(
            "takeover",
            f"{what}, demandé avec un nouveau courrier, s’ouvrira "
            f"{_when(takeover.effective_at, now)}. Si c’est l’adhérent qui l’a demandé, il attend "
            "jusque-là, puis se connecte avec l’e-mail et le mot de passe qu’il vient de choisir. "
            "Si ce n’est pas lui, arrêtez-le.",
        )
    elif takeover.state == "stopped":
        yield Advice(
            "takeover_stopped",
            "Le nouvel accès demandé avec un courrier a été arrêté, sans doute depuis l’ancienne "
            "adresse e-mail. Demandez qui la lit. S’il faut recommencer : un nouveau courrier.",
        )


def _closing(space: Space, now: datetime) -> Iterator[Advice]:
    if space.closing_at:
        yield Advice(
            "closing",
            f"La fermeture de l’espace est demandée pour {_on(space.closing_at, now)}. D’ici là, "
            "l’adhérent peut l’annuler : il se connecte, « Mes données », « Garder mon espace ».",
        )


def _changes(space: Space) -> Iterator[Advice]:
    for each in space.changes:
        if each.state == "waiting":
            yield Advice(
                "change",
                f"Un changement d’adresse e-mail attend, pour {each.masked_email} : l’adhérent le "
                f"valide avec le message reçu là, avant le {moment(each.until)}. Mal écrite ? Il "
                "la redemande dans son espace, « Sécurité ».",
            )
        else:
            yield Advice(
                "change_done",
                f"L’adresse e-mail a changé. Si l’adhérent n’y est pour rien, le message reçu à "
                f"l’ancienne adresse la rétablit jusqu’au {moment(each.until)} : qu’il l’ouvre "
                "sans attendre.",
            )


def _together(space: Space) -> Iterator[Advice]:
    if space.join_asked_until:
        yield Advice(
            "join_asked",
            "Quelqu’un demande à rejoindre cet espace, avec la même adresse e-mail : la réponse se "
            f"donne dans l’espace, une fois connecté, avant le {moment(space.join_asked_until)}.",
        )
    if space.others:
        names = ", ".join(each.name for each in space.others)
        yield Advice(
            "shared",
            f"Cet espace est partagé avec {names} : un seul mot de passe. Ne parlez à la personne "
            "que de son dossier. Pour avoir un espace à part : un nouveau courrier, avec une autre "
            "adresse e-mail.",
        )


def _when(until: datetime, now: datetime) -> str:
    """« à 14 h 05 », with its day where that is another one."""
    return f"à {hour(until)}" if paris_date(until) == paris_date(now) else f"le {moment(until)}"


def _on(at: datetime, now: datetime) -> str:
    return "tout de suite" if at <= now else f"le {day(at)}"


def _lowered(words: str) -> str:
    return words[:1].lower() + words[1:]
