"""SMTP servers on loopback that keep what they take, refuse, fall silent or show a wrong name."""

import asyncio
import datetime
import email
import email.policy
import ipaddress
import socket
import ssl
import threading
from collections.abc import Sequence
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

PATIENCE = 20.0
HOST = "127.0.0.1"


class Sink:
    """A real SMTP server. Its answers can be changed while it runs; `mails` is what it took.

    `at_once`: TLS from the first byte. `smtp`: options of aiosmtpd's server, such as an
    authenticator; without one it lets in whoever knows its `account`, if it has one.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        tls: ssl.SSLContext | None = None,
        at_once: bool = False,
        **smtp: Any,
    ):
        self._others_decide = "authenticator" in smtp
        self.account: tuple[str, str] | None = None  # whoever else is refused
        self.method = "PLAIN"
        self.recipient_answer = self.data_answer = "250 OK"
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.connections = 0
        self._arrival = threading.Condition()
        self._controller: _Controller | None = _Controller(self, port, tls, at_once, **smtp)
        self.port = self._controller.port
        self._controller.start()

    def close(self) -> None:
        """Stop listening; the port is free again."""
        controller, self._controller = self._controller, None
        if controller is not None:
            controller.stop()

    def wait_for(self, many: int) -> None:
        """Until so many mails came; they must."""
        with self._arrival:
            assert self._arrival.wait_for(lambda: len(self.mails) >= many, PATIENCE)

    async def handle_EHLO(
        self, server: Any, session: Any, _envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.connections += 1
        if self._others_decide:
            return responses
        others = [each for each in responses if not each.startswith("250-AUTH")]
        return [*others[:-1], f"250-AUTH {self.method}", others[-1]] if self.account else others

    def allows(
        self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, given: Any
    ) -> AuthResult:
        """Whether the name and the password, UTF-8, are the account's."""
        typed = (given.login.decode(), given.password.decode())
        return AuthResult(success=typed == self.account, handled=False)

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        if self.recipient_answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.recipient_answer

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        if self.data_answer.startswith("250"):
            mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
            with self._arrival:
                self.mails.append(mail)
                self.recipients += envelope.rcpt_tos
                self._arrival.notify_all()
        return self.data_answer


class _Controller(Controller):
    def __init__(
        self, sink: Sink, port: int, tls: ssl.SSLContext | None, at_once: bool, **smtp: Any
    ):
        self._listening = socket.create_server((HOST, port))
        port = self._listening.getsockname()[1]
        self._at_once = tls if at_once else None
        super().__init__(
            sink, hostname=HOST, port=port, tls_context=None if at_once else tls,
            **{"authenticator": sink.allows, "auth_require_tls": False} | smtp,
        )  # fmt: skip

    def _create_server(self) -> Any:
        return self.loop.create_server(
            self._factory_invoker, sock=self._listening, ssl=self._at_once
        )


class Rude:
    """A server that accepts connections, says what it was given, and nothing more."""

    def __init__(self, greeting: bytes, *, hang_up: bool):
        self._greeting, self._hang_up = greeting, hang_up
        self._loop = asyncio.new_event_loop()
        self._over = asyncio.Event()
        listening = socket.create_server((HOST, 0))
        self.port: int = listening.getsockname()[1]
        self._thread = threading.Thread(target=self._run, args=(listening,))
        self._thread.start()

    def close(self) -> None:
        """Let go of everybody."""
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(PATIENCE)

    def _run(self, listening: socket.socket) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve(listening))

    async def _serve(self, listening: socket.socket) -> None:
        async with await asyncio.start_server(self._answer, sock=listening):
            await self._over.wait()

    async def _answer(self, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(self._greeting)
        if not self._hang_up:
            await self._over.wait()
        writer.close()


class Scripted:
    """A server that answers the sender, the recipient and DATA of one message as it was told; after
    fewer answers it hangs up. It has the one extension that it `offers`; `said` is what it heard of
    sender and recipient."""

    def __init__(self, answers: Sequence[int], *, offers: bytes = b"as told"):
        self._answers, self._offers, self._taken = answers, offers, 0
        self.said: list[str] = []
        listening = socket.create_server((HOST, 0))
        self.port: int = listening.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, args=(listening,))
        self._thread.start()

    def messages(self) -> int:
        """How many it took; its client hung up before."""
        self._thread.join(PATIENCE)
        return self._taken

    def _serve(self, listening: socket.socket) -> None:
        answers = dict(zip((b"mail", b"rcpt", b"data"), self._answers, strict=False))
        with listening, listening.accept()[0] as client, client.makefile("rwb", 0) as line:
            line.write(b"220 script\r\n")
            for row in line:
                verb = row[:4].lower().strip()
                if verb in (b"mail", b"rcpt", b"data") and verb not in answers:
                    return
                if verb in (b"mail", b"rcpt"):
                    self.said.append(row.decode().strip())
                greeting = b"250-script\r\n" if verb == b"ehlo" else b""
                words = self._offers if verb == b"ehlo" else b"as told"
                line.write(greeting + b"%d %s\r\n" % (answers.get(verb, 250), words))
                if answers.get(verb) == 354:
                    self._read_message(line)

    def _read_message(self, line: Any) -> None:
        for row in line:
            if row == b".\r\n":
                self._taken += 1
                line.write(b"250 taken\r\n")
                return


def self_signed(folder: Path, address: str = HOST) -> Path:
    """A certificate for this address, with its key, that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "a relay of the tests")])
    today = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(today - datetime.timedelta(days=1))
        .not_valid_after(today + datetime.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))]), False
        )
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{address}.pem"
    path.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return path


def server_side(certificate: Path) -> ssl.SSLContext:
    """What a server needs to speak TLS with this certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context
