"""An IMAP folder, opened with a checked certificate; what prevents it is one French sentence."""

import imaplib
import socket
import ssl
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from webapp.rules.imap_folders import quoted
from webapp.setting_values import is_loopback

TIMEOUT_SECONDS = 20.0
EXAMPLE = "imaps://retours@mail.example.org/INBOX"


class ImapFault(Exception):
    """Why the folder can't be read, in one sentence."""


@dataclass(frozen=True)
class ImapPlace:
    """A folder on a server: what `imaps://user@host:port/folder` says."""

    host: str
    port: int
    tls: bool
    user: str
    folder: str


def place(url: str) -> ImapPlace:
    """The place that an address names. Raises ImapFault, for one with a password in it too."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        parts, host, port = urlsplit(""), None, None
    if not host or parts.scheme not in ("imap", "imaps"):
        raise ImapFault(f"L’adresse d’une boîte s’écrit comme {EXAMPLE}.")
    if parts.password is not None:
        raise ImapFault(
            "Le mot de passe n’a pas sa place dans l’adresse : d’autres la liraient dans la liste "
            "des programmes."
        )
    tls = parts.scheme == "imaps"
    folder = unquote(parts.path.strip("/")) or "INBOX"
    return ImapPlace(
        host, port or (993 if tls else 143), tls, unquote(parts.username or ""), folder
    )


def opened(
    where: ImapPlace,
    password: str,
    *,
    context: ssl.SSLContext,
    vouch: str,
    readonly: bool,
    timeout: float = TIMEOUT_SECONDS,
) -> imaplib.IMAP4:
    """The folder, selected; close with `logout`. `vouch`: what makes an unknown certificate known.

    Raises ImapFault.
    """
    try:
        imap = _connected(where, context, timeout)
        try:
            _log_in(imap, where, password)
            _select(imap, where, readonly=readonly)
        except BaseException:
            imap.shutdown()
            raise
    except (OSError, imaplib.IMAP4.error) as error:
        raise ImapFault(_sentence(error, where, vouch)) from error
    return imap


def _connected(where: ImapPlace, context: ssl.SSLContext, timeout: float) -> imaplib.IMAP4:
    if where.tls:
        return imaplib.IMAP4_SSL(where.host, where.port, ssl_context=context, timeout=timeout)
    imap = imaplib.IMAP4(where.host, where.port, timeout=timeout)
    if not is_loopback(where.host):
        if "STARTTLS" not in imap.capabilities:
            imap.shutdown()
            raise ImapFault(f"{where.host} n’offre pas de liaison chiffrée : essayez imaps://.")
        imap.starttls(context)
    return imap


def _log_in(imap: imaplib.IMAP4, where: ImapPlace, password: str) -> None:
    """In UTF-8 where the server lets us: imaplib's `login` is ASCII alone, and quotes no name."""
    try:
        if "AUTH=PLAIN" in imap.capabilities:
            imap.authenticate("PLAIN", lambda _: f"\0{where.user}\0{password}".encode())
        else:
            imap.login('"' + where.user.replace("\\", "\\\\").replace('"', '\\"') + '"', password)
    except imaplib.IMAP4.abort:
        raise
    except (imaplib.IMAP4.error, UnicodeEncodeError) as error:
        raise ImapFault(
            f"{where.host} refuse le compte « {where.user} » ou son mot de passe."
        ) from error


def _select(imap: imaplib.IMAP4, where: ImapPlace, *, readonly: bool) -> None:
    try:
        answer, _ = imap.select(quoted(where.folder), readonly)
    except imaplib.IMAP4.readonly:
        raise ImapFault(f"Le dossier « {where.folder} » ne peut être que lu.") from None
    if answer != "OK":
        raise ImapFault(
            f"Le dossier « {where.folder} » n’existe pas sur {where.host}, ou ce compte ne peut "
            "pas le lire. Les sous-dossiers s’écrivent comme le serveur les nomme."
        )


def _sentence(error: Exception, where: ImapPlace, vouch: str) -> str:
    host, port = where.host, where.port
    if isinstance(error, socket.gaierror):
        return f"Le nom « {host} » n’est connu d’aucun serveur de noms."
    if isinstance(error, ConnectionRefusedError):
        return f"Rien n’écoute sur {host}, port {port}."
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"Le certificat de {host} n’est pas reconnu : {vouch}."
    if isinstance(error, ssl.SSLError):
        return f"{host} ne parle pas TLS ainsi sur le port {port}."
    if isinstance(error, TimeoutError):
        return f"{host} n’a pas répondu à temps sur le port {port}."
    return f"{host} a coupé la liaison, ou ne parle pas IMAP sur le port {port}."
