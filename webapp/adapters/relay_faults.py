"""Why a relay took nothing: a reason for the log, a French sentence for whoever tries it, and the
settings to look at. None of them holds an address, a password or the relay's own words."""

import smtplib
import socket
import ssl
from dataclasses import dataclass

from webapp.models.outbox import RELAY_REFUSES
from webapp.rules import smtp_answers

OURS = RELAY_REFUSES  # what the mutual is to mend: `/metrics` counts them


@dataclass(frozen=True)
class RelayFault:
    """`reason`: one line of codes for the log and the outbox. `settings`: where to look."""

    reason: str
    sentence: str
    settings: tuple[str, ...] = ()

    def for_the_log(self) -> str:
        """The reason, and the settings to look at."""
        return (
            f"{self.reason} (look at {', '.join(self.settings)})" if self.settings else self.reason
        )


_WHERE, _TLS = ("MAIL_SERVER", "MAIL_PORT"), ("MAIL_USE_TLS", "MAIL_USE_SSL")
_ACCOUNT = ("MAIL_USERNAME", "MAIL_PASSWORD")
_SENDER = ("MAIL_BOUNCES", "MAIL_DEFAULT_SENDER", *_ACCOUNT)


def of_answer(code: int, text: str) -> RelayFault:
    """The relay's own refusal of a recipient or of a message."""
    status = smtp_answers.status(code, text)
    return RelayFault(
        f"{OURS} {status}",
        f"Le relais refuse de prendre nos messages ({status}). Cela ne vient pas de l’adresse : "
        "il ne relaie pas pour cette machine ou ce compte, ou refuse leur contenu.",
        ("MAIL_SERVER", *_ACCOUNT),
    )


def of_error(error: Exception) -> RelayFault:
    """What kept a mail from being handed over at all."""
    name = type(error).__name__
    if isinstance(error, smtplib.SMTPSenderRefused):
        return _of_sender(error)
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return _of_account(error)
    for kind, sentence, settings in _KNOWN:
        if isinstance(error, kind):
            return RelayFault(_reason(name, error), sentence, settings)
    sentence = "Le relais a coupé la liaison, ou ne parle pas SMTP sur ce port."
    return RelayFault(_reason(name, error), sentence, (*_WHERE, *_TLS))


def _reason(name: str, error: Exception) -> str:
    return f"{name} {getattr(error, 'smtp_code', '')}".strip()


def _words(error: smtplib.SMTPResponseException) -> str:
    words = error.smtp_error
    return words.decode(errors="replace") if isinstance(words, bytes) else str(words)


def _of_sender(error: smtplib.SMTPSenderRefused) -> RelayFault:
    status = smtp_answers.status(error.smtp_code, _words(error))
    if error.smtp_code < 500:
        sentence = f"Le relais ne peut rien prendre pour l’instant ({status})."
        return RelayFault(f"SMTPSenderRefused {status}", sentence)
    return RelayFault(
        f"{OURS} SMTPSenderRefused {status}",
        f"Le relais refuse l’expéditeur de nos messages ({status}).",
        _SENDER,
    )


def _of_account(error: smtplib.SMTPAuthenticationError) -> RelayFault:
    status = smtp_answers.status(error.smtp_code, _words(error))
    if error.smtp_code < 500:
        sentence = f"Le relais ne peut pas vérifier le compte pour l’instant ({status})."
        return RelayFault(f"SMTPAuthenticationError {status}", sentence)
    return RelayFault(
        f"{OURS} SMTPAuthenticationError {status}",
        f"Le relais refuse le compte ou son mot de passe ({status}).",
        _ACCOUNT,
    )


_KNOWN: tuple[tuple[type[Exception], str, tuple[str, ...]], ...] = (
    (socket.gaierror, "Le nom du relais n’est connu d’aucun serveur de noms.", ("MAIL_SERVER",)),
    (ConnectionRefusedError, "Rien n’écoute à cette adresse et sur ce port.", _WHERE),
    (
        ssl.SSLCertVerificationError,
        "Le certificat du relais n’est pas reconnu : autorité inconnue, nom différent ou date "
        "passée.",
        ("MAIL_CA_FILE", "MAIL_SERVER"),
    ),
    (ssl.SSLError, "Le relais ne parle pas TLS ainsi sur ce port.", ("MAIL_PORT", *_TLS)),
    (
        smtplib.SMTPNotSupportedError,
        "Le relais n’offre pas ce que les réglages demandent : STARTTLS, ou un compte.",
        (*_TLS, *_ACCOUNT),
    ),
    (TimeoutError, "Le relais n’a pas répondu à temps : il se tait, ou un pare-feu.", _WHERE),
)
