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
    yield from _section(f"Adhérent {shown(facts.on_the_roll.number)}", told.roll(facts.on_the_roll))
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


def _roll(entry: OnTheRoll) -> list[Field]:
    status = WORDS.get(entry.status, entry.status)
    if entry.missing_since:
        status += f", absent du fichier depuis le {day(entry.missing_since)}"
    joined = f"adhésion le {day(entry.joined_on)}" if entry.joined_on else ""
    return [
        ("Nom", shown(entry.names, ROOM) or "non renseigné"),
        ("Situation", status),
        ("Adresse", ", ".join(shown(line, ROOM) for line in entry.address) or "non renseignée"),
        ("Contrat", ", ".join(filter(None, (shown(entry.contract, ROOM), joined)))),
        ("Fichier", f"mis à jour le {moment(entry.updated_at)}"),
        (
            "Courrier demandé",
            f"le {moment(entry.wanted_at)}, il sera dans le prochain lot"
            if entry.wanted_at
            else "",
        ),
    ]


def _registration(one: RegistrationFacts) -> list[Field]:
    over = one.void and one.state != "confirmed"
    return [
        ("Étape", "n’est plus valable" if over else _STEPS.get(one.state, one.state)),
        ("Commencée", f"le {moment(one.created_at)}"),
        ("Adresse e-mail", one.masked_email),
        ("Mail écrit", f"le {moment(one.mailed_at)}" if one.mailed_at else ""),
        ("Fin", f"le {moment(one.expires_at)}" if one.state != "confirmed" else ""),
    ]


def _space(space: Space) -> list[Field]:
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
        ("Suspendu", _suspended(space.suspended_at)),
        ("Rejoint", f"le {moment(space.since)}" if space.since else ""),
        *(
            ("Partagé avec", f"{shown(each.number)} : {shown(each.name, ROOM)}{_gone(each)}")
            for each in space.others
        ),
        ("Adresse e-mail", space.masked_email),
        (
            "Mot de passe",
            "ne marche plus : à choisir de nouveau par le lien" if space.must_choose else "",
        ),
        ("Code par mail", mail),
        *factors,
        ("Codes de secours", f"{space.codes_left} restants" if space.codes_left else ""),
    ]


def _suspended(since: datetime | None) -> str:
    return f"depuis le {moment(since)} : personne n’y entre ni n’y change rien" if since else ""


def _gone(person: Person) -> str:
    return "" if person.is_here else f" ({WORDS.get(person.status, person.status)})"


def _used(last: datetime | None) -> str:
    return f"a servi le {moment(last)}" if last else "n’a pas encore servi"


def _opened(space: Space) -> list[Field]:
    sessions = [
        ("Connexion", _visit(each, _RANKS.get(each.rank, each.rank))) for each in space.sessions
    ]
    return sessions + [("Appareil de confiance", _visit(each, "")) for each in space.devices]


def _visit(one: Opened, rank: str) -> str:
    agent = shown(one.agent) or "navigateur inconnu"
    said = [agent, rank, f"depuis le {moment(one.since)}", f"vu le {moment(one.last_used_at)}",
            f"jusqu’au {moment(one.ends_at)}"]  # fmt: skip
    return ", ".join(filter(None, said))


def _changes(space: Space, now: datetime) -> list[Field]:
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


def _waits(waits: tuple[Wait, ...]) -> list[Field]:
    return [
        (LIMITS[each.limit], f"jusqu’au {moment(each.until)}"
         + (", sur un appareil de confiance seulement" if each.device else ""))
        for each in waits
    ]  # fmt: skip


def _mail(mail: SentMail) -> Field:
    return moment(mail.created_at), f"{mail.title} : {_became(mail)}"


def _became(mail: SentMail) -> str:
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
