"""One mail handed to the relay, each step told in French: what `flask mail test` prints."""

import smtplib
import ssl
from collections.abc import Iterator

from webapp.adapters import message, relay_faults
from webapp.adapters.relay import Delayed, SmtpRelay, judged, reports
from webapp.adapters.relay_faults import RelayFault
from webapp.services.kernel.world import ClaimedMail
from webapp.services.mail.trial import TrialRefused
from webapp.settings import Settings


def steps(settings: Settings, claimed: ClaimedMail) -> Iterator[str]:
    """A sentence a step, as it is done. Raises TrialRefused at the one that fails."""
    told: list[str] = []
    relay = SmtpRelay(settings, told=lambda point, host: told.append(_told(settings, point, host)))
    try:
        yield from _opening(relay, told)
        if not (settings.mail_use_tls or settings.mail_use_ssl):
            yield "Liaison non chiffrée : MAIL_USE_TLS ou MAIL_USE_SSL la chiffrent."
        yield from _dialogue(relay, relay.line(), claimed)
    except (OSError, smtplib.SMTPException) as error:
        raise _refused(relay_faults.of_error(error)) from error
    finally:
        relay.hang_up()


def _opening(relay: SmtpRelay, told: list[str]) -> Iterator[str]:
    """What was reached, also where the next step failed."""
    fault: Exception | None = None
    try:
        relay.line()
    except (OSError, smtplib.SMTPException) as error:
        fault = error
    yield from told
    if fault:
        raise fault


def _dialogue(relay: SmtpRelay, host: smtplib.SMTP, claimed: ClaimedMail) -> Iterator[str]:
    to = message.address(claimed.to)
    options, wishes = reports(host, to, claimed.id)
    if options:
        yield "Avis de non-remise (DSN) proposés : ils ne rapporteront que les en-têtes."
    else:
        yield (
            "Avis de non-remise (DSN) non proposés : un avis peut rapporter le message entier, "
            "avec son lien et son code."
        )
    code, said = host.mail(relay.envelope, options)
    if code != 250:
        raise smtplib.SMTPSenderRefused(code, said, relay.envelope)
    yield f"Expéditeur accepté : {relay.envelope}."
    code, said = host.rcpt(to, wishes)
    if code not in (250, 251):
        raise _of_answer(code, said)
    yield f"Destinataire accepté : {to}."
    code, said = host.data(relay.written(claimed))
    if code != 250:
        raise _of_answer(code, said)
    words = said.decode(errors="replace").replace("\n", " ")
    yield f"Mail pris. Réponse du relais : {code} {words}"


def _told(settings: Settings, point: str, host: smtplib.SMTP) -> str:
    if point == "connected":
        return f"Connecté à {settings.mail_server}, port {settings.mail_port}."
    if point == "logged in":
        return "Compte accepté (MAIL_USERNAME)."
    line = host.sock
    assert isinstance(line, ssl.SSLSocket)  # noqa: S101 - « secured »
    return f"Liaison chiffrée : {line.version()}, certificat au nom de {_names(line)}."


def _names(line: ssl.SSLSocket) -> str:
    names = (line.getpeercert() or {}).get("subjectAltName", ())
    return ", ".join(str(each[1]) for each in names[:3]) or "personne"


def _of_answer(code: int, said: bytes) -> TrialRefused:
    verdict = judged(code, said)
    if isinstance(verdict, Delayed):
        return _refused(verdict.fault)
    return TrialRefused(f"Le relais refuse cette adresse ({verdict}). Essayez avec une autre.")


def _refused(fault: RelayFault) -> TrialRefused:
    look = f" Voyez {', '.join(fault.settings)}." if fault.settings else ""
    return TrialRefused(fault.sentence + look)
