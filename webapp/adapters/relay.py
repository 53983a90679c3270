"""The mail relay, through Flask-Mail, with the time-outs, certificate check and delivery reports
that it lacks."""

import smtplib
import socket
import ssl
import time
from collections.abc import Callable
from email.utils import parseaddr
from functools import cache
from typing import Any

from flask_mail import Connection, Mail, sanitize_address

from webapp.adapters import message, relay_faults, smtp_login
from webapp.adapters.relay_faults import RelayFault
from webapp.rules import smtp_answers
from webapp.rules.smtp_answers import Verdict
from webapp.services.kernel.world import ClaimedMail
from webapp.settings import Settings

TIMEOUT_SECONDS = 10
TRUSTED_SECONDS = 1.0  # how long a connection at rest is taken to be open still
OK = 250
Told = Callable[[str, smtplib.SMTP], None]  # « connected », « secured », « logged in »


class Undeliverable(Exception):
    """The relay refused this mail's address for good (5xx): trying again changes nothing."""


class Delayed(Exception):
    """The relay can't take it now, or not from us: out of reach, busy, its certificate is wrong, it
    refuses the account or the sender. `fault` says what to mend."""

    def __init__(self, fault: RelayFault):
        super().__init__(fault.reason)
        self.fault = fault


class CarefulConnection(Connection):
    """Flask-Mail's connection; every step has a time-out, TLS is checked or nothing is said."""

    def __init__(
        self,
        mail: Any,
        timeout: float,
        context: Callable[[], ssl.SSLContext],
        told: Told = lambda _point, _host: None,
    ):
        super().__init__(mail)
        self._timeout, self._context, self._told = timeout, context, told

    def configure_host(self) -> smtplib.SMTP | smtplib.SMTP_SSL:
        """The line to the relay, secured and logged in where the settings ask for it."""
        server, port, name = self.mail.server, self.mail.port, _own_name()
        context = self._context() if self.mail.use_ssl or self.mail.use_tls else None
        host: smtplib.SMTP
        if self.mail.use_ssl:
            host = smtplib.SMTP_SSL(server, port, name, timeout=self._timeout, context=context)
        else:
            host = smtplib.SMTP(server, port, name, timeout=self._timeout)
        try:
            self._told("connected", host)
            if self.mail.use_tls and not self.mail.use_ssl:
                host.starttls(context=context)
            if context:
                self._told("secured", host)
            if self.mail.username and self.mail.password:
                smtp_login.login(host, self.mail.username, self.mail.password)
                self._told("logged in", host)
        except BaseException:
            host.close()
            raise
        return host


class SmtpRelay:
    """Sends one mail at a time over real SMTP; the connection is kept for a burst of them."""

    def __init__(
        self,
        settings: Settings,
        *,
        timeout: float = TIMEOUT_SECONDS,
        told: Told = lambda _point, _host: None,
    ):
        self._timeout, self._told = timeout, told
        sender = settings.mail_default_sender
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
        self._connection: CarefulConnection | None = None
        self._used = 0.0
        self._from = sanitize_address(sender, "utf-8")
        self._reply_to = settings.mail_reply_to and sanitize_address(
            settings.mail_reply_to, "utf-8"
        )
        self._domain = parseaddr(sender)[1].rpartition("@")[2]
        # where reports of what could not be delivered go
        self.envelope: str = settings.mail_bounces or parseaddr(self._from)[1]
        # reading the authorities costs as much as a password check: once, and only for TLS
        self._context = cache(lambda: trusting(settings))

    def deliver(self, claimed: ClaimedMail) -> None:
        """Hand the mail over. Raises Undeliverable or Delayed, saying the status."""
        content, to = self.written(claimed), message.address(claimed.to)
        try:
            host = self.line()
            options, wishes = reports(host, to, claimed.id)
            host.sendmail(self.envelope, [to], content, options, wishes)
            self._used = time.monotonic()
        except smtplib.SMTPRecipientsRefused as refused:
            self.hang_up()
            raise judged(*next(iter(refused.recipients.values()))) from None
        except smtplib.SMTPDataError as answer:
            self.hang_up()
            raise judged(answer.smtp_code, answer.smtp_error) from None
        except (OSError, smtplib.SMTPException) as error:
            # a sender or password that the relay refuses is ours to mend, not the mail's end
            self.hang_up()
            raise Delayed(relay_faults.of_error(error)) from None

    def line(self) -> smtplib.SMTP:
        """The open connection; dialled when there is none. Raises what `deliver` judges."""
        if self._connection is not None and not self._still_there(self._connection):
            self.hang_up()
        if self._connection is None:
            connection = CarefulConnection(self._mail, self._timeout, self._context, self._told)
            connection.host = connection.configure_host()
            self._connection = connection
        host = self._connection.host
        assert host is not None  # noqa: S101 - `configure_host` made it
        host.ehlo_or_helo_if_needed()
        return host

    def written(self, claimed: ClaimedMail) -> bytes:
        """The mail's bytes. Raises BadHeaderError."""
        return message.composed(
            claimed, sender=self._from, domain=self._domain, reply_to=self._reply_to
        )

    def hang_up(self) -> None:
        """Close the connection, politely if the relay still listens."""
        connection, self._connection = self._connection, None
        if connection is None or connection.host is None:
            return
        try:
            connection.host.quit()
        except (OSError, smtplib.SMTPException):
            connection.host.close()

    def _still_there(self, connection: Connection) -> bool:
        """Whether the relay still listens; asked only where there was time to hang up."""
        if time.monotonic() - self._used < TRUSTED_SECONDS:
            return True
        try:
            return connection.host is not None and connection.host.noop()[0] == OK
        except (OSError, smtplib.SMTPException):
            return False


def trusting(settings: Settings) -> ssl.SSLContext:
    """Certificates are checked with the machine's authorities, and with MAIL_CA_FILE's."""
    context = ssl.create_default_context()
    if settings.mail_ca_file:
        context.load_verify_locations(settings.mail_ca_file)
    return context


def reports(host: smtplib.SMTP, to: str, mail_id: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What MAIL and RCPT ask of a relay that offers reports (RFC 3461), nothing of another: the
    mail's headers come back, never its body with link and code; its id says which mail it was."""
    if not host.has_extn("dsn"):
        return (), ()
    original = "".join(each if _is_plain(each) else f"+{ord(each):02X}" for each in to)
    wishes = ("NOTIFY=FAILURE,DELAY", f"ORCPT=rfc822;{original}")
    return ("RET=HDRS", f"ENVID={mail_id}"), wishes


def _is_plain(sign: str) -> bool:
    """Whether RFC 3461's « xtext » writes a sign as it is."""
    return "!" <= sign <= "~" and sign not in "+="


@cache
def _own_name() -> str:
    """What this host calls itself to relays; smtplib would ask the resolver at each call."""
    if "." in (name := socket.getfqdn()):
        return name
    try:
        return f"[{socket.gethostbyname(name)}]"
    except OSError:
        return "[127.0.0.1]"


def judged(code: int, said: bytes | str) -> Exception:
    """Only the codes go further: the relay's words often repeat the address."""
    words = said.decode(errors="replace") if isinstance(said, bytes) else said
    status = smtp_answers.status(code, words)
    match smtp_answers.verdict(code, words):
        case Verdict.ADDRESS:
            return Undeliverable(status)
        case Verdict.OURS:
            return Delayed(relay_faults.of_answer(code, words))
    return Delayed(RelayFault(status, f"Le relais ne peut pas le prendre maintenant ({status})."))
