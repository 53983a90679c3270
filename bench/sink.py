"""An SMTP server that answers at once and keeps what it is handed, within the driver's loop."""

import asyncio
import email
import email.policy
import re
from collections import defaultdict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from player.mailed_codes import codes_in

HOST = "127.0.0.1"
_REPLIES = {
    b"EHLO": b"250-sink\r\n250 SMTPUTF8\r\n", b"HELO": b"250 sink\r\n",
    b"MAIL": b"250 ok\r\n", b"RCPT": b"250 ok\r\n", b"RSET": b"250 ok\r\n",
    b"NOOP": b"250 ok\r\n",
}  # fmt: skip


class NoMail(Exception):
    """The mail that a journey waits for did not come."""


class Mail:
    """A mail as it came."""

    def __init__(self, content: bytes):
        self._content = content

    @property
    def text(self) -> str:
        """Its text part."""
        message = email.message_from_bytes(self._content, policy=email.policy.default)
        body = message.get_body(("plain", "html"))
        return body.get_content().replace("\r", "") if body is not None else ""

    @property
    def code(self) -> str:
        """The six digits that stand alone."""
        found = codes_in(self.text, 6)
        if not found:
            raise NoMail("the mail has no code of six digits")
        return found[0]

    def link(self, part: str) -> str:
        """The address that contains `part`."""
        return self._found(rf"(https?://[^\s<>\"]*{re.escape(part)}[^\s<>\"]*)")

    def _found(self, pattern: str) -> str:
        found = re.search(pattern, self.text)
        if not found:
            raise NoMail(f"the mail does not say {pattern}")
        return found[1]


class Sink:
    """Mails by the address they went to. `keeping` false only counts them."""

    def __init__(self, *, keeping: bool = True):
        self.keeping, self.received, self.port = keeping, 0, 0
        self._mails: dict[str, deque[Mail]] = defaultdict(deque)
        self._waiting: dict[str, asyncio.Event] = {}

    def take(self, to: str, content: bytes) -> None:
        """A mail came; who waits for it is woken."""
        self.received += 1
        waiter = self._waiting.get(to)
        if self.keeping or waiter:
            self._mails[to].append(Mail(content))
        if waiter:
            waiter.set()

    def forget(self, to: str) -> None:
        """What came so far was not asked for."""
        self._mails.pop(to, None)

    async def mail(self, to: str, patience: float = 30.0) -> Mail:
        """The next mail to this address. Raises NoMail."""
        if not self._mails[to]:
            self._waiting[to] = asyncio.Event()
            try:
                await asyncio.wait_for(self._waiting[to].wait(), patience)
            except TimeoutError:
                raise NoMail(f"no mail came to {to} within {patience:.0f} s") from None
            finally:
                del self._waiting[to]
        mail = self._mails[to].popleft()
        if not self._mails[to]:
            del self._mails[to]
        return mail

    async def code(self, to: str) -> str:
        """The six digits of the next mail to this address that has some. Raises NoMail."""
        while not codes_in((mail := await self.mail(to)).text, 6):
            pass
        return mail.code


class _Dialogue(asyncio.Protocol):
    """One SMTP client."""

    def __init__(self, sink: Sink):
        self._sink, self._buffer = sink, b""
        self._recipients: list[str] = []
        self._in_data = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._say(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while self._step():
            pass

    def _step(self) -> bool:
        end = b"\r\n.\r\n" if self._in_data else b"\r\n"
        piece, found, rest = self._buffer.partition(end)
        if not found:
            return False
        self._buffer = rest
        if self._in_data:
            self._in_data = False
            for to in self._recipients:
                self._sink.take(to, piece.replace(b"\r\n..", b"\r\n."))
            self._say(b"250 taken\r\n")
        else:
            self._answer(piece)
        return True

    def _answer(self, line: bytes) -> None:
        verb = line[:4].upper()
        if verb == b"DATA":
            self._in_data = True
            self._say(b"354 go on\r\n")
        elif verb == b"QUIT":
            self._say(b"221 bye\r\n")
            self._transport.close()
        else:
            if verb == b"MAIL":
                self._recipients = []
            elif verb == b"RCPT":
                self._recipients.append(line[line.index(b"<") + 1 : line.index(b">")].decode())
            self._say(_REPLIES.get(verb, b"502 what?\r\n"))

    def _say(self, words: bytes) -> None:
        self._transport.write(words)


@asynccontextmanager
async def sink(*, keeping: bool = True) -> AsyncIterator[Sink]:
    """A sink that listens on a port of its own."""
    kept = Sink(keeping=keeping)
    server = await asyncio.get_running_loop().create_server(lambda: _Dialogue(kept), HOST, 0)
    kept.port = server.sockets[0].getsockname()[1]
    try:
        yield kept
    finally:
        server.close()
