"""Each mailbox, against a server that speaks as the real ones do."""

import json
import socketserver
import threading
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from qa.mailboxes import Imap, MailHog, Mailpit, Typed

TO, OTHER = "odile@example.org", "rene@example.org"


def message(subject: str, code: str, to: str = TO) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "SMIE <non@example.org>", to, subject
    mail.set_content(f"Bonjour,\n\n{code}\n")
    mail.add_alternative(f'<p>{code}</p><a href="https://x.example.org/a">Ici</a>', subtype="html")
    return mail.as_bytes()


class Web(BaseHTTPRequestHandler):
    """Mailpit and MailHog at once."""

    def do_GET(self) -> None:
        held = self.server.held
        newest = list(reversed(list(enumerate(held, 1))))
        if self.path.startswith("/api/v1/messages"):
            rows = [{"ID": str(at), "To": [{"Address": to}] if to else None}
                    for at, (to, _) in newest]  # fmt: skip
            body = json.dumps({"messages": rows}).encode()
        elif self.path.startswith("/api/v2/messages"):
            rows = [{"ID": str(at), "Raw": {"To": [to] if to else [], "Data": raw.decode()}}
                    for at, (to, raw) in newest]  # fmt: skip
            body = json.dumps({"items": rows}).encode()
        else:
            body = held[int(self.path.split("/")[-2]) - 1][1]
        self.server.asked.append(self.headers.get("Authorization"))
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class ImapTalk(socketserver.StreamRequestHandler):
    """As much of RFC 3501 as a reader asks for."""

    def handle(self) -> None:
        self.wfile.write(b"* OK ready\r\n")
        for line in self.rfile:
            tag, command, *rest = line.decode().split()
            self._answer(command.upper(), [each.upper() for each in rest])
            self.wfile.write(f"{tag} OK done\r\n".encode())

    def _answer(self, command: str, rest: list[str]) -> None:
        held = self.server.held
        if command == "CAPABILITY":
            self.wfile.write(b"* CAPABILITY IMAP4rev1\r\n")
        elif command == "EXAMINE":
            self.wfile.write(f"* {len(held)} EXISTS\r\n".encode())
        elif command == "UID" and rest[0] == "SEARCH":
            found = " ".join(str(at) for at in range(1, len(held) + 1))
            self.wfile.write(f"* SEARCH {found}\r\n".encode())
        elif command == "UID":
            at = int(rest[1])
            raw = held[at - 1][1].replace(b"\n", b"\r\n")
            head = f"* {at} FETCH (UID {at} BODY[] {{{len(raw)}}}\r\n".encode()
            self.wfile.write(head + raw + b")\r\n")


class ImapServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True


@pytest.fixture(params=["mailpit", "mailhog", "imap"])
def held_and_box(request):
    """What the server holds, and a mailbox that reads it."""
    kind = request.param
    server = (
        ImapServer(("127.0.0.1", 0), ImapTalk)
        if kind == "imap"
        else ThreadingHTTPServer(("127.0.0.1", 0), Web)
    )
    server.held, server.asked = [(TO, message("Votre code de sécurité", "000000"))], []
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    port = server.server_address[1]
    if kind == "imap":
        box = Imap(f"imap://127.0.0.1:{port}", "odile", "un mot", patience=1.0)
    else:
        make = {"mailpit": Mailpit, "mailhog": MailHog}[kind]
        box = make(f"http://127.0.0.1:{port}/", "odile", "un mot", patience=1.0)
    box.open()
    yield server.held, box
    box.close()
    if kind != "imap":
        assert set(server.asked) == {"Basic b2RpbGU6dW4gbW90"}
    server.shutdown()
    thread.join()
    server.server_close()


def test_mails_are_read_once_in_their_order_and_old_ones_never(held_and_box) -> None:
    held, box = held_and_box
    held.append((OTHER, message("Votre code de sécurité", "111111", OTHER)))
    held.append((TO, message("Votre code de sécurité", "222222")))
    held.append((TO, message("Bienvenue", "333333")))
    held.append((TO, message("Votre code de sécurité", "444444")))
    assert box.wait_for(TO, "code de sécurité").security_code == "222222"
    assert box.wait_for(TO, "code de sécurité").security_code == "444444"
    mail = box.wait_for(TO)
    assert (mail.subject, mail.target("Ici")) == ("Bienvenue", "https://x.example.org/a")
    assert [each.security_code for each in box.received(TO)] == ["222222", "333333", "444444"]


def test_a_mail_that_does_not_come_is_told(held_and_box) -> None:
    _, box = held_and_box
    with pytest.raises(AssertionError, match="aucun mail"):
        box.wait_for(TO, "code de sécurité")


def test_a_message_to_nobody_named_holds_up_no_other(held_and_box) -> None:
    held, box = held_and_box
    hidden = message("Votre code de sécurité", "999999").replace(f"To: {TO}\n".encode(), b"")
    held += [("", hidden), (TO, message("Votre code de sécurité", "111111"))]
    assert box.wait_for(TO, "code de sécurité").security_code == "111111"
    assert [each.security_code for each in box.received("")] == ["999999"]


def test_a_person_can_read_the_mails() -> None:
    asked, answers = [], iter(["Votre code de sécurité", "oui", "123456", " https://x/y "])

    def ask(question: str) -> str:
        asked.append(question)
        return next(answers)

    mail = Typed(ask).wait_for(TO, "code de sécurité")
    assert mail.says("5 minutes")
    assert mail.security_code == "123456"
    assert mail.target("Je valide mon inscription") == "https://x/y"
    assert TO in asked[0] and "(6 chiffres)" in asked[2]
