"""A mail relay with moods: it takes mails, or does what relays do on a bad day."""

import asyncio
import contextlib
import email
import email.policy
import re
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage

from player.mailed_codes import codes_in

HOST, PATIENCE = "127.0.0.1", 60.0
MOODS = (
    "takes",  # all is well
    "busy",  # 421 instead of a greeting
    "silent",  # accepts the connection and says nothing, or nothing more
    "later",  # 451 to the recipient
    "never",  # 550 to the recipient
    "full",  # 452 after the mail's end
    "drops",  # keeps the mail, hangs up without its last answer
)


@dataclass
class Handed:
    """A mail as it was handed over: who to, every byte of it, and whether its sender said
    anything more afterwards, be it « QUIT »: one that was killed says nothing."""

    to: tuple[str, ...]
    raw: bytes
    sender_lived: bool = False

    @property
    def mail(self) -> EmailMessage:
        """The mail, read."""
        return email.message_from_bytes(self.raw, policy=email.policy.default)  # type: ignore

    @property
    def text(self) -> str:
        """Its text part."""
        return self.mail.get_body(("plain",)).get_content().replace("\r", "")

    @property
    def id(self) -> str:
        """Its Message-ID."""
        return str(self.mail["Message-ID"])

    def find(self, shape: str) -> str:
        """The one place where the text has this shape."""
        found = re.findall(shape, self.text, re.MULTILINE)
        assert len(found) == 1, (shape, self.text)
        return found[0]

    def code(self, digits: int) -> str:
        """The one code of so many digits."""
        [code] = codes_in(self.text, digits)
        return code

    @property
    def has_security_code(self) -> bool:
        """Whether it is a mail to type a code from, and no other that came meanwhile."""
        return bool(codes_in(self.text, 6))


class Relay:
    """An SMTP server on loopback. `mood` may change while it runs; `at` is told each point of a
    dialogue (« greeting », « sender », « data », « end », « answered ») as it is reached."""

    def __init__(self) -> None:
        self.mood = "takes"
        self.at: Callable[[str], None] = lambda _point: None
        self.handed: list[Handed] = []
        self.commands: list[bytes] = []
        self._arrival = threading.Condition()
        self._loop = asyncio.new_event_loop()
        self._over = asyncio.Event()
        listening = socket.create_server((HOST, 0), backlog=200)
        self.port: int = listening.getsockname()[1]
        self._thread = threading.Thread(target=self._run, args=(listening,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Hang up on everybody."""
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(PATIENCE)

    def to(self, address: str) -> list[Handed]:
        """All that was handed over for this address so far."""
        with self._arrival:
            return [each for each in self.handed if address in each.to]

    def security_codes(self, address: str) -> list[Handed]:
        """Those that bring a code of six digits."""
        return [each for each in self.to(address) if each.has_security_code]

    def wait_for(self, address: str, many: int = 1, seconds: float = PATIENCE) -> Handed:
        """The `many`th mail to this address; it must come."""
        with self._arrival:
            there = self._arrival.wait_for(
                lambda: sum(address in each.to for each in self.handed) >= many, seconds
            )
            assert there, f"mail {many} to {address} did not come"
            return [each for each in self.handed if address in each.to][many - 1]

    def _run(self, listening: socket.socket) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve(listening))

    async def _serve(self, listening: socket.socket) -> None:
        async with await asyncio.start_server(self._talk, sock=listening):
            await self._over.wait()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            await self._dialogue(reader, writer)
        with contextlib.suppress(ConnectionError):
            writer.close()

    async def _dialogue(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        mood = self.mood
        if mood == "silent":
            await self._over.wait()
            return
        if mood == "busy":
            writer.write(b"421 come back later\r\n")
            return
        self.at("greeting")
        writer.write(b"220 a relay of the tests\r\n")
        to: list[str] = []
        taken: Handed | None = None
        while line := await reader.readline():
            self.commands.append(line)
            if taken:
                taken.sender_lived = True
            if self.mood == "silent":
                await self._over.wait()
                return
            verb = line[:4].upper()
            if verb == b"QUIT":
                writer.write(b"221 bye\r\n")
                return
            if verb == b"MAIL":
                to = []
                self.at("sender")
            if verb == b"RCPT":
                answer = self._recipient(line, to)
            elif verb == b"DATA":
                self.at("data")
                writer.write(b"354 go on\r\n")
                raw = await reader.readuntil(b"\r\n.\r\n")
                taken = self._take(tuple(to), raw)
                if self.mood == "drops":
                    return
                answer = b"452 no room" if self.mood == "full" else b"250 taken"
            else:
                answer = b"250 fine"
            writer.write(answer + b"\r\n")
            await writer.drain()
            if verb == b"DATA":
                self.at("answered")

    def _recipient(self, line: bytes, to: list[str]) -> bytes:
        if self.mood in ("later", "never"):
            return {"later": b"451 not now", "never": b"550 nobody here"}[self.mood]
        to.append(line.partition(b"<")[2].partition(b">")[0].decode())
        return b"250 fine"

    def _take(self, to: tuple[str, ...], raw: bytes) -> Handed | None:
        """Keep the mail, unless there is no room."""
        self.at("end")
        if self.mood == "full":
            return None
        mail = Handed(to, raw[:-3].replace(b"\r\n..", b"\r\n."))
        with self._arrival:
            self.handed.append(mail)
            self._arrival.notify_all()
        return mail
