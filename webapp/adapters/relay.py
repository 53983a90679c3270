"""The mail relay, through Flask-Mail, with the time-outs and certificate check that it lacks."""

import smtplib
import ssl
from email.utils import parseaddr
from typing import Any

from flask import Flask
from flask_mail import Connection, Mail, Message

from webapp.services.outbox import ClaimedLetter
from webapp.settings import Settings

TIMEOUT_SECONDS = 10


class Undeliverable(Exception):
    """The relay refused this letter for good (5xx): trying again changes nothing."""


class Delayed(Exception):
    """The relay can't take it now: out of reach, busy, or its certificate is wrong."""


class _CarefulConnection(Connection):
    """Flask-Mail's connection; every step has a time-out, TLS is checked or nothing is said."""

    def __init__(self, mail: Mail, timeout: float):
        super().__init__(mail)
        self._timeout = timeout

    def configure_host(self) -> smtplib.SMTP | smtplib.SMTP_SSL:
        server, port = self.mail.server, self.mail.port
        context = ssl.create_default_context()
        host: smtplib.SMTP
        if self.mail.use_ssl:
            host = smtplib.SMTP_SSL(server, port, timeout=self._timeout, context=context)
        else:
            host = smtplib.SMTP(server, port, timeout=self._timeout)
        try:
            if self.mail.use_tls and not self.mail.use_ssl:
                host.starttls(context=context)
            if self.mail.username and self.mail.password:
                host.login(self.mail.username, self.mail.password)
        except BaseException:
            host.close()
            raise
        return host


class _SteadyMessage(Message):
    """Its parts are parted by its own id, not by chance: a second copy is the same to the byte."""

    def _message(self) -> Any:
        message = super()._message()
        parts = (part for part in message.walk() if part.is_multipart())
        for number, part in enumerate(parts):
            part.set_boundary(f"={number}={(self.msgId or '').strip('<>').partition('@')[0]}=")
        return message


class SmtpRelay:
    """Sends one letter at a time over real SMTP; the connection is kept for a burst of them."""

    def __init__(self, settings: Settings, *, timeout: float = TIMEOUT_SECONDS):
        self._timeout = timeout
        self._sender = settings.mail_default_sender
        self._domain = parseaddr(self._sender)[1].rpartition("@")[2]
        app = Flask("webapp.relay")
        app.config.update(
            MAIL_SERVER=settings.mail_server,
            MAIL_PORT=settings.mail_port,
            MAIL_USE_TLS=settings.mail_use_tls,
            MAIL_USE_SSL=settings.mail_use_ssl,
            MAIL_USERNAME=settings.mail_username,
            MAIL_PASSWORD=settings.mail_password,
            MAIL_DEFAULT_SENDER=self._sender,
            MAIL_MAX_EMAILS=None,
            MAIL_SUPPRESS_SEND=False,
        )
        self._app, self._mail = app, Mail(app)
        self._connection: _CarefulConnection | None = None

    def deliver(self, claimed: ClaimedLetter) -> None:
        """Hand the letter over. Raises Undeliverable or Delayed, saying the status."""
        message = self._message(claimed)
        try:
            self._send(message)
        except smtplib.SMTPRecipientsRefused as refused:
            self.hang_up()
            raise _verdict(next(iter(refused.recipients.values()))[0]) from None
        except smtplib.SMTPDataError as answer:
            self.hang_up()
            raise _verdict(answer.smtp_code) from None
        except (OSError, smtplib.SMTPException) as error:
            # a sender or password that the relay refuses is ours to mend, not the letter's end
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

    def _send(self, message: Message) -> None:
        with self._app.app_context():
            if self._connection is None:
                connection = _CarefulConnection(self._app.extensions["mail"], self._timeout)
                connection.host = connection.configure_host()
                self._connection = connection
            self._connection.send(message)

    def _message(self, claimed: ClaimedLetter) -> Message:
        letter = claimed.letter
        message = _SteadyMessage(
            subject=letter.subject,
            recipients=[claimed.to],
            sender=self._sender,
            body=letter.text,
            html=letter.html,
            date=claimed.created_at.timestamp(),
            charset="utf-8",
            extra_headers={"Auto-Submitted": "auto-generated", "Content-Language": "fr"},
        )
        message.msgId = f"<{claimed.id}@{self._domain}>"
        return message


def _verdict(status: int) -> Exception:
    """Only the status goes further: the relay's words often repeat the address."""
    return Undeliverable(str(status)) if 500 <= status < 600 else Delayed(str(status))
