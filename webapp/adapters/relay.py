"""The mail relay, through Flask-Mail, with the time-outs and certificate check that it lacks."""

import smtplib
import socket
import ssl
import time
from collections.abc import Callable
from email.utils import parseaddr
from functools import cache
from typing import Any

from flask_mail import Connection, Mail, sanitize_address

from webapp.adapters import message, smtp_login
from webapp.services.kernel.world import ClaimedMail
from webapp.settings import Settings

TIMEOUT_SECONDS = 10
TRUSTED_SECONDS = 1.0  # how long a connection at rest is taken to be open still
OK = 250


class Undeliverable(Exception):
    """The relay refused this mail for good (5xx): trying again changes nothing."""


class Delayed(Exception):
    """The relay can't take it now: out of reach, busy, or its certificate is wrong."""


class _CarefulConnection(Connection):
    """Flask-Mail's connection; every step has a time-out, TLS is checked or nothing is said."""

    def __init__(self, mail: Any, timeout: float, context: Callable[[], ssl.SSLContext]):
        super().__init__(mail)
        self._timeout, self._context = timeout, context

    def configure_host(self) -> smtplib.SMTP | smtplib.SMTP_SSL:
        server, port, name = self.mail.server, self.mail.port, _own_name()
        context = self._context() if self.mail.use_ssl or self.mail.use_tls else None
        host: smtplib.SMTP
        if self.mail.use_ssl:
            host = smtplib.SMTP_SSL(server, port, name, timeout=self._timeout, context=context)
        else:
            host = smtplib.SMTP(server, port, name, timeout=self._timeout)
        try:
            if self.mail.use_tls and not self.mail.use_ssl:
                host.starttls(context=context)
            if self.mail.username and self.mail.password:
                smtp_login.login(host, self.mail.username, self.mail.password)
        except BaseException:
            host.close()
            raise
        return host


class SmtpRelay:
    """Sends one mail at a time over real SMTP; the connection is kept for a burst of them."""

    def __init__(self, settings: Settings, *, timeout: float = TIMEOUT_SECONDS):
        self._timeout = timeout
        self._sender = settings.mail_default_sender
        self._domain = parseaddr(self._sender)[1].rpartition("@")[2]
        self._mail = Mail().init_mail(
            {
                "MAIL_SERVER": settings.mail_server,
                "MAIL_PORT": settings.mail_port,
                "MAIL_USE_TLS": settings.mail_use_tls,
                "MAIL_USE_SSL": settings.mail_use_ssl,
                "MAIL_USERNAME": settings.mail_username,
                "MAIL_PASSWORD": settings.mail_password,
            }
        )
        self._connection: _CarefulConnection | None = None
        self._used = 0.0
        self._from = sanitize_address(self._sender, "utf-8")
        self._envelope = parseaddr(self._from)[1]
        # reading the authorities costs as much as a password check: once, and only for TLS
        self._context = cache(ssl.create_default_context)

    def deliver(self, claimed: ClaimedMail) -> None:
        """Hand the mail over. Raises Undeliverable or Delayed, saying the status."""
        content = message.composed(claimed, sender=self._from, domain=self._domain)
        try:
            self._send(message.address(claimed.to), content)
        except smtplib.SMTPRecipientsRefused as refused:
            self.hang_up()
            raise _verdict(next(iter(refused.recipients.values()))[0]) from None
        except smtplib.SMTPDataError as answer:
            self.hang_up()
            raise _verdict(answer.smtp_code) from None
        except (OSError, smtplib.SMTPException) as error:
            # a sender or password that the relay refuses is ours to mend, not the mail's end
            self.hang_up()
            raise Delayed(
                f"{type(error).__name__} {getattr(error, 'smtp_code', '')}".strip()
            ) from None

    def hang_up(self) -> None:
        """Close the connection, politely if the relay still listens."""
        connection, self._connection = self._connection, None
        if connection is None or connection.host is None:
            return
        try:
            connection.host.quit()
        except (OSError, smtplib.SMTPException):
            connection.host.close()

    def _send(self, to: str, content: bytes) -> None:
        if self._connection is not None and not self._still_there(self._connection):
            self.hang_up()
        if self._connection is None:
            connection = _CarefulConnection(self._mail, self._timeout, self._context)
            connection.host = connection.configure_host()
            self._connection = connection
        host = self._connection.host
        assert host is not None  # noqa: S101 - `configure_host` made it
        host.sendmail(self._envelope, [to], content)
        self._used = time.monotonic()

    def _still_there(self, connection: Connection) -> bool:
        """Whether the relay still listens; asked only where there was time to hang up."""
        if time.monotonic() - self._used < TRUSTED_SECONDS:
            return True
        try:
            return connection.host is not None and connection.host.noop()[0] == OK
        except (OSError, smtplib.SMTPException):
            return False


@cache
def _own_name() -> str:
    """What this host calls itself to relays; smtplib would ask the resolver at each call."""
    if "." in (name := socket.getfqdn()):
        return name
    try:
        return f"[{socket.gethostbyname(name)}]"
    except OSError:
        return "[127.0.0.1]"


def _verdict(status: int) -> Exception:
    """Only the status goes further: the relay's words often repeat the address."""
    return Undeliverable(str(status)) if 500 <= status < 600 else Delayed(str(status))
