"""Signing in at a relay, against real SMTP servers: accents in its account are no obstacle."""

import smtplib

import pytest
from aiosmtpd.smtp import AuthResult

from player.world import test_settings
from tests.sinks import Sink
from tests.unit.adapters.test_relay import CLAIMED
from webapp.adapters.relay import Delayed, SmtpRelay
from webapp.adapters.smtp_login import login

ACCOUNTS = {("portal", "plain"), ("mutuelle-santé", "épice-de-mer-26"), ("portal", "épice €")}


class _Relay(Sink):
    """Keeps the names of those whom it let in."""

    def __init__(self, *not_offered: str):
        self.let_in: list[str] = []
        super().__init__(
            authenticator=self._knows, auth_require_tls=False, auth_exclude_mechanism=not_offered
        )

    def _knows(self, _server, _session, _envelope, _mechanism, given) -> AuthResult:
        name, password = given.login.decode(), given.password.decode()
        if known := (name, password) in ACCOUNTS:
            self.let_in.append(name)
        return AuthResult(success=known, handled=False)


@pytest.fixture(params=[(), ("PLAIN",)], ids=["plain", "login"])
def relay(request):
    relay = _Relay(*request.param)
    yield relay
    relay.close()


@pytest.mark.parametrize(("name", "password"), sorted(ACCOUNTS))
def test_a_mail_leaves_whatever_the_account_s_signs(relay, name, password):
    sends = SmtpRelay(
        test_settings(mail_port=relay.port, mail_username=name, mail_password=password)
    )
    sends.deliver(CLAIMED)
    sends.hang_up()
    assert (relay.let_in, len(relay.mails)) == ([name], 1)


def test_a_password_with_an_accent_that_is_wrong_is_the_relay_s_refusal(relay):
    sends = SmtpRelay(
        test_settings(mail_port=relay.port, mail_username="portal", mail_password="épicé")
    )
    with pytest.raises(Delayed, match="SMTPAuthenticationError 535"):
        sends.deliver(CLAIMED)
    assert relay.mails == []


def test_a_relay_that_offers_neither_is_told(relay):
    none = _Relay("PLAIN", "LOGIN")
    with (
        smtplib.SMTP("127.0.0.1", none.port) as host,
        pytest.raises(smtplib.SMTPNotSupportedError),
    ):
        login(host, "portal", "épice")
    none.close()
