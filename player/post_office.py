"""A real SMTP server that keeps what it is handed, and mails as their reader sees them."""

import email
import email.policy
import socket
import threading
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any, Protocol

import html5lib
from aiosmtpd.controller import Controller

from player.mailed_codes import codes_in

PATIENCE = 10.0  # seconds


@dataclass(frozen=True)
class Mail:
    """A received mail: its headers and both bodies, the text one's wrapping undone."""

    to: str
    sender: str
    subject: str
    text: str
    html: str

    def says(self, words: str) -> bool:
        """Whether both bodies say it, whatever kind of space stands between the words."""
        page = html5lib.parse(self.html, namespaceHTMLElements=False).find("body")
        bodies = (self.text, "".join(page.itertext()))
        return all(words in " ".join(body.split()) for body in bodies)

    @property
    def link(self) -> str:
        """Where « Je valide mon inscription » leads."""
        return self.target("Je valide mon inscription")

    @property
    def security_code(self) -> str:
        """The 6 digits."""
        return self._code(6)

    @property
    def activation_code(self) -> str:
        """The 13 digits."""
        return self._code(13)

    def target(self, name: str) -> str:
        """The address of the link with this visible name, in the HTML part."""
        page = html5lib.parse(self.html, namespaceHTMLElements=False)
        found = [a.get("href") for a in page.iter("a") if "".join(a.itertext()).strip() == name]
        assert len(found) == 1, f"no one link « {name} » in « {self.subject} »"
        return str(found[0])

    def _code(self, digits: int) -> str:
        found = codes_in(self.text, digits)
        assert len(found) == 1, f"no one code of {digits} digits in « {self.subject} »"
        return found[0]


class MailSource(Protocol):
    """Where mails arrive and are read; members ask it for theirs."""

    def wait_for(self, to: str, subject_part: str = "") -> Mail:
        """The oldest unread mail to `to` with this in its subject; AssertionError if none comes."""

    def received(self, to: str, subject_part: str = "") -> list[Mail]:
        """All that came so far, read or not."""


def read(message: EmailMessage, to: str) -> Mail:
    """A message as the reader of the mailbox `to` sees it."""
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    return Mail(
        to,
        str(message["From"]),
        str(message["Subject"]),
        text.get_content().replace("\r", "") if text else "",
        html.get_content() if html else "",
    )


class PostOffice:
    """Mails in the order of their arrival; `wait_for` reads each one once."""

    def __init__(self, host: str = "127.0.0.1", port: int = 0) -> None:
        self._arrival = threading.Condition()
        self._all: list[Mail] = []
        self._unread: list[Mail] = []
        self._controller = _Controller(self, host, port)
        self.port = self._controller.port

    def open(self) -> None:
        """Listen."""
        self._controller.start()

    def close(self) -> None:
        """Stop listening."""
        self._controller.stop()

    def wait_for(self, to: str, subject_part: str = "") -> Mail:
        """The oldest unread mail to `to` whose subject contains the part; it must come."""

        def unread() -> Mail | None:
            return next((m for m in self._unread if _matches(m, to, subject_part)), None)

        with self._arrival:
            mail = self._arrival.wait_for(unread, PATIENCE)
            assert mail, f"no mail « {subject_part} » came to {to}: {self._all}"
            self._unread.remove(mail)
        return mail

    def received(self, to: str, subject_part: str = "") -> list[Mail]:
        """All that came so far, read or not."""
        with self._arrival:
            return [mail for mail in self._all if _matches(mail, to, subject_part)]

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        mail = read(message, envelope.rcpt_tos[0])
        with self._arrival:
            self._all.append(mail)
            self._unread.append(mail)
            self._arrival.notify_all()
        return "250 OK"


class _Controller(Controller):
    """aiosmtpd on a given port, or on one that the machine chose (0)."""

    def __init__(self, office: PostOffice, host: str, port: int):
        self._socket = socket.create_server((host, port))
        super().__init__(office, hostname=host, port=self._socket.getsockname()[1])

    def _create_server(self) -> Any:
        return self.loop.create_server(self._factory_invoker, sock=self._socket)


def _matches(mail: Mail, to: str, subject_part: str) -> bool:
    return mail.to == to and subject_part in mail.subject
