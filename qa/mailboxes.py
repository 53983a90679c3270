"""Where a deployment's mails can be read: an SMTP sink, Mailpit, MailHog, IMAP, or a person."""

import base64
import contextlib
import email
import email.policy
import email.utils
import imaplib
import json
import ssl
import threading
import time
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from player.post_office import Mail, MailSource, PostOffice, read
from webapp.adapters import imap

LOOK_AGAIN = 0.5  # seconds
NEWEST = 50  # how many messages are looked at


class Mailbox(MailSource, Protocol):
    """Where a run reads mails, between its opening and its end."""

    def open(self) -> None:
        """Begin: what is there already is old."""

    def close(self) -> None:
        """End."""


class Polled:
    """A mailbox that must be asked, again and again. `fetch` gives what it holds, oldest first."""

    def __init__(self, patience: float = 60.0):
        self._patience = patience
        self._known: set[str] = set()
        self._all: list[Mail] = []
        self._unread: list[Mail] = []

    def messages(self, known: set[str]) -> Iterable[tuple[str, str, EmailMessage]]:
        """Id, recipient and message of each one that is not known yet."""
        raise NotImplementedError

    def open(self) -> None:
        """What is there already is old."""
        self._known |= {key for key, _, _ in self.messages(self._known)}

    def close(self) -> None:
        """Nothing is kept open."""

    def wait_for(self, to: str, subject_part: str = "") -> Mail:
        """Ask until it is there, for a minute at most."""
        end, pause = time.monotonic() + self._patience, threading.Event()
        while True:
            self._fetch()
            for mail in self._unread:
                if mail.to == to and subject_part in mail.subject:
                    self._unread.remove(mail)
                    return mail
            assert time.monotonic() < end, f"aucun mail « {subject_part} » pour {to}"
            pause.wait(LOOK_AGAIN)

    def received(self, to: str, subject_part: str = "") -> list[Mail]:
        """All that came."""
        self._fetch()
        return [mail for mail in self._all if mail.to == to and subject_part in mail.subject]

    def _fetch(self) -> None:
        for key, to, message in self.messages(self._known):
            self._known.add(key)
            mail = read(message, to)
            self._all.append(mail)
            self._unread.append(mail)


class _Http(Polled):
    """An HTTP interface, with a name and a password where it asks for them."""

    def __init__(self, url: str, user: str = "", password: str = "", patience: float = 60.0):
        super().__init__(patience)
        self._url = url.rstrip("/")
        pair = base64.b64encode(f"{user}:{password}".encode()).decode()
        self._headers = {"Authorization": f"Basic {pair}"} if user else {}

    def _get(self, path: str) -> bytes:
        request = urllib.request.Request(self._url + path, headers=self._headers)
        with urllib.request.urlopen(request, timeout=20) as answer:
            return bytes(answer.read())


class Mailpit(_Http):
    """Mailpit's interface, version 1."""

    def messages(self, known: set[str]) -> Iterator[tuple[str, str, EmailMessage]]:
        listed = json.loads(self._get(f"/api/v1/messages?limit={NEWEST}"))["messages"]
        for each in reversed(listed):
            if each["ID"] not in known:
                raw = self._get(f"/api/v1/message/{each['ID']}/raw")
                message = _parsed(raw)
                yield each["ID"], _first(each["To"], message, "Address"), message


class MailHog(_Http):
    """MailHog's interface, version 2."""

    def messages(self, known: set[str]) -> Iterator[tuple[str, str, EmailMessage]]:
        listed = json.loads(self._get(f"/api/v2/messages?limit={NEWEST}"))["items"]
        for each in reversed(listed):
            if each["ID"] not in known:
                raw = each["Raw"]
                message = _parsed(raw["Data"].encode())
                yield each["ID"], (raw["To"] or [_addressed(message)])[0], message


class Imap(Polled):
    """A mailbox at `imaps://host:port/INBOX` (`imap://` without TLS, for a machine's own). `ca`:
    the authority of its certificate; `checked` false: any will do. Raises ImapFault."""

    def __init__(
        self,
        url: str,
        user: str,
        password: str,
        patience: float = 60.0,
        *,
        ca: Path | None = None,
        checked: bool = True,
    ):
        super().__init__(patience)
        where = imap.place(url)
        self._host = where.host
        self._imap = imap.opened(
            replace(where, user=user or where.user),
            password,
            context=_trusting(ca, checked=checked),
            vouch="donnez son autorité avec --mail-ca FICHIER, ou acceptez-le avec --insecure",
            readonly=True,
        )

    def messages(self, known: set[str]) -> Iterator[tuple[str, str, EmailMessage]]:
        try:
            self._imap.noop()  # so that the server tells of what came
            _, (found,) = self._imap.uid("SEARCH", "ALL")
            for uid in (found or b"").split()[-NEWEST:]:
                if uid.decode() not in known:
                    _, parts = self._imap.uid("FETCH", uid.decode(), "(BODY.PEEK[])")
                    message = _parsed(parts[0][1])
                    yield uid.decode(), _addressed(message), message
        except (OSError, imaplib.IMAP4.error) as error:
            raise imap.ImapFault(f"{self._host} a coupé la liaison avec la boîte mail.") from error

    def close(self) -> None:
        """Say goodbye."""
        with contextlib.suppress(OSError, imaplib.IMAP4.error):
            self._imap.logout()


@dataclass(frozen=True)
class TypedMail(Mail):
    """A mail that somebody else reads: they are asked for what is needed of it."""

    ask: Callable[[str], str] = input

    def says(self, words: str) -> bool:
        """Whether the reader finds the words."""
        answer = self.ask(f"Le message dit-il « {words} » ? (oui/non)")
        return answer.strip().lower().startswith("o")

    def target(self, name: str) -> str:
        """The address behind a button."""
        return self.ask(f"Collez l’adresse du bouton « {name} » :").strip()

    def _code(self, digits: int) -> str:
        return self.ask(f"Saisissez le code du message ({digits} chiffres) :").strip()


class Typed:
    """A person reads the mails and types what is in them."""

    def __init__(self, ask: Callable[[str], str] = input):
        self.ask = ask

    def open(self) -> None:
        """Nothing to do."""

    def close(self) -> None:
        """Nothing to do."""

    def wait_for(self, to: str, subject_part: str = "") -> Mail:
        """Ask for it."""
        subject = self.ask(
            f"Ouvrez le message « {subject_part} » reçu par {to}, saisissez son objet :"
        )
        assert subject_part in subject, f"l’objet est « {subject} »"
        return TypedMail(to, "", subject, "", "", self.ask)

    def received(self, to: str, subject_part: str = "") -> list[Mail]:
        """Only the person knows."""
        return []


def mailbox(
    kind: str, url: str, user: str, password: str, *, ca: Path | None = None, checked: bool = True
) -> Mailbox:
    """The mailbox that the command names: sink, mailpit, mailhog, imap or typed."""
    if kind == "typed":
        return Typed()
    if kind == "imap":
        return Imap(url, user, password, ca=ca, checked=checked)
    if kind in ("mailpit", "mailhog"):
        return {"mailpit": Mailpit, "mailhog": MailHog}[kind](url, user, password)
    parts = urlsplit(url)
    return PostOffice(parts.hostname or "127.0.0.1", parts.port or 0)


def _trusting(ca: Path | None, *, checked: bool) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if ca:
        context.load_verify_locations(ca)
    if not checked:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def _addressed(message: EmailMessage) -> str:
    """Whom a message names, "" when nobody: one that was sent to hidden recipients."""
    return email.utils.parseaddr(str(message["To"] or message["Delivered-To"] or ""))[1]


def _first(named: list[dict[str, str]] | None, message: EmailMessage, field: str) -> str:
    return named[0][field] if named else _addressed(message)


def _parsed(raw: bytes) -> EmailMessage:
    return email.message_from_bytes(raw, policy=email.policy.default)
