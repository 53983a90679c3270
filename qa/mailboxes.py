"""Where a deployment's mails can be read: an SMTP sink, Mailpit, MailHog, IMAP, or a person."""

import base64
import email
import email.policy
import email.utils
import imaplib
import json
import threading
import time
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Protocol
from urllib.parse import unquote, urlsplit

from player.post_office import Mail, MailSource, PostOffice, read

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
                yield each["ID"], each["To"][0]["Address"], _parsed(raw)


class MailHog(_Http):
    """MailHog's interface, version 2."""

    def messages(self, known: set[str]) -> Iterator[tuple[str, str, EmailMessage]]:
        listed = json.loads(self._get(f"/api/v2/messages?limit={NEWEST}"))["items"]
        for each in reversed(listed):
            if each["ID"] not in known:
                raw = each["Raw"]
                yield each["ID"], raw["To"][0], _parsed(raw["Data"].encode())


class Imap(Polled):
    """A mailbox at `imaps://host:port/INBOX` (`imap://` without TLS, for a machine's own)."""

    def __init__(self, url: str, user: str, password: str, patience: float = 60.0):
        super().__init__(patience)
        parts = urlsplit(url)
        self._folder = unquote(parts.path.strip("/")) or "INBOX"
        host = parts.hostname or "127.0.0.1"
        if parts.scheme == "imaps":
            self._imap: imaplib.IMAP4 = imaplib.IMAP4_SSL(host, parts.port or 993)
        else:
            self._imap = imaplib.IMAP4(host, parts.port or 143)
        self._imap.login(user, password)

    def messages(self, known: set[str]) -> Iterator[tuple[str, str, EmailMessage]]:
        self._imap.select(self._folder, readonly=True)
        _, (found,) = self._imap.uid("SEARCH", "ALL")
        for uid in found.split()[-NEWEST:]:
            if uid.decode() not in known:
                _, parts = self._imap.uid("FETCH", uid, "(BODY.PEEK[])")
                message = _parsed(parts[0][1])
                yield uid.decode(), email.utils.parseaddr(str(message["To"]))[1], message

    def close(self) -> None:
        """Say goodbye."""
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

    def _line(self, shape: str) -> str:
        return self.ask(f"Tapez le code du message ({shape[3:-1]} chiffres) :").strip()


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
        subject = self.ask(f"Ouvrez le message « {subject_part} » reçu par {to}, tapez son objet :")
        assert subject_part in subject, f"l’objet est « {subject} »"
        return TypedMail(to, "", subject, "", "", self.ask)

    def received(self, to: str, subject_part: str = "") -> list[Mail]:
        """Only the person knows."""
        return []


def mailbox(kind: str, url: str, user: str, password: str) -> Mailbox:
    """The mailbox that the command names: sink, mailpit, mailhog, imap or typed."""
    if kind == "typed":
        return Typed()
    if kind == "imap":
        return Imap(url, user, password)
    if kind in ("mailpit", "mailhog"):
        return {"mailpit": Mailpit, "mailhog": MailHog}[kind](url, user, password)
    parts = urlsplit(url)
    return PostOffice(parts.hostname or "127.0.0.1", parts.port or 0)


def _parsed(raw: bytes) -> EmailMessage:
    return email.message_from_bytes(raw, policy=email.policy.default)
