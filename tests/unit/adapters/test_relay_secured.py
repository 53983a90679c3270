"""The relay's certificate and its account, against real SMTP servers."""

import pytest

from tests.relays import CLAIMED
from tests.sinks import Sink, self_signed, server_side
from webapp.adapters.relay import Delayed


@pytest.mark.parametrize("over", ["mail_use_tls", "mail_use_ssl"])
def test_a_certificate_that_nobody_vouches_for_is_a_delay_and_nothing_is_said(
    tmp_path, relay_to, over
):
    sink = Sink(tls=server_side(self_signed(tmp_path)))
    with pytest.raises(Delayed):
        relay_to(sink.port, **{over: True}).deliver(CLAIMED)
    assert sink.mails == []
    sink.close()


def test_a_certificate_for_another_name_is_a_delay(tmp_path, relay_to, monkeypatch):
    certificate = self_signed(tmp_path, address="192.0.2.1")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    sink = Sink(tls=server_side(certificate))
    with pytest.raises(Delayed, match="SSLCertVerificationError"):
        relay_to(sink.port, mail_use_tls=True).deliver(CLAIMED)
    sink.close()


def test_over_a_certificate_that_is_vouched_for_the_mail_arrives(tmp_path, relay_to, monkeypatch):
    certificate = self_signed(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    sink = Sink(tls=server_side(certificate))
    relay = relay_to(sink.port, mail_use_tls=True)
    relay.deliver(CLAIMED)
    relay.hang_up()
    assert len(sink.mails) == 1
    sink.close()


@pytest.mark.parametrize("over", ["mail_use_tls", "mail_use_ssl"])
def test_a_private_authority_vouches_for_the_relay_beside_the_machine_s(tmp_path, relay_to, over):
    certificate = self_signed(tmp_path)
    sink = Sink(tls=server_side(certificate), at_once=over == "mail_use_ssl")
    relay = relay_to(sink.port, mail_ca_file=certificate, **{over: True})
    relay.deliver(CLAIMED)
    relay.hang_up()
    assert len(sink.mails) == 1
    sink.close()


@pytest.mark.parametrize("method", ["PLAIN", "LOGIN"])
@pytest.mark.parametrize(("user", "password"), [("portail", "épice-de-mer-26"), ("é", "plain one")])
def test_an_account_with_accents_is_told_in_utf_8(sink, relay_to, method, user, password):
    sink.account, sink.method = (user, password), method
    relay = relay_to(sink.port, mail_username=user, mail_password=password)
    relay.deliver(CLAIMED)
    relay.hang_up()
    assert len(sink.mails) == 1
    with pytest.raises(Delayed, match=r"^relay SMTPAuthenticationError 535 5.7.8$") as delay:
        relay_to(sink.port, mail_username=user, mail_password="ê" + password).deliver(CLAIMED)
    assert "look at MAIL_USERNAME, MAIL_PASSWORD" in delay.value.fault.for_the_log()
    assert password not in delay.value.fault.for_the_log()


def test_a_server_without_tls_gets_nothing_in_clear(sink, relay_to):
    with pytest.raises(Delayed, match="SMTPNotSupportedError"):
        relay_to(sink.port, mail_use_tls=True).deliver(CLAIMED)
    assert sink.mails == []
