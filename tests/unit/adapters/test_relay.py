"""The relay, against real SMTP servers: what leaves, what waits, what is refused for good."""

import threading
from dataclasses import replace

import pytest
from flask_mail import BadHeaderError

from player.world import START, test_settings
from tests.sinks import Rude, Scripted, Sink, self_signed, server_side
from webapp.adapters.relay import TIMEOUT_SECONDS, Delayed, SmtpRelay, Undeliverable
from webapp.services.kernel.world import ClaimedMail, Mail

CLAIMED = ClaimedMail(
    id="0123456789abcdef0123456789abcdef",
    name="security_code",
    to="odile@example.org",
    mail=Mail(
        "Votre code de sécurité",
        "Voici votre code :\n\n123456\n.\nÀ bientôt.\n",
        "<p>Voici votre code : <b>123456</b></p>\n",
    ),
    attempts=1,
    created_at=START,
)


@pytest.fixture
def sink():
    sink = Sink()
    yield sink
    sink.close()


@pytest.fixture
def relay_to():
    """Relays to a port, hung up afterwards."""
    relays = []

    def relay_to(port, **settings):
        timeout = settings.pop("timeout", TIMEOUT_SECONDS)
        relay = SmtpRelay(test_settings(mail_port=port, **settings), timeout=timeout)
        relays.append(relay)
        return relay

    yield relay_to
    for relay in relays:
        relay.hang_up()


def test_a_mail_arrives_with_both_bodies_and_the_paper_s_sender(sink, relay_to):
    relay_to(sink.port).deliver(CLAIMED)
    (mail,) = sink.mails
    assert sink.recipients == ["odile@example.org"]
    assert mail["From"] == "SMIE <nepasrepondre@example.org>"
    assert (mail["To"], mail["Subject"]) == ("odile@example.org", "Votre code de sécurité")
    alternatives = [each for each in mail.walk() if each.get_content_subtype() == "alternative"]
    assert len(alternatives) == 1
    text, html = alternatives[0].iter_parts()
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert text.get_content().replace("\r", "") == CLAIMED.mail.text
    assert html.get_content().replace("\r", "") == CLAIMED.mail.html


def test_the_message_id_is_the_mails_own_and_the_date_its_writing(sink, relay_to):
    relay = relay_to(sink.port)
    relay.deliver(CLAIMED)
    relay.deliver(replace(CLAIMED, attempts=2))
    first, second = sink.mails
    assert first["Message-ID"] == f"<{CLAIMED.id}@example.org>"
    assert second["Message-ID"] == first["Message-ID"]
    assert first["Date"].datetime == second["Date"].datetime == START


def test_a_mail_says_that_a_machine_wrote_it_in_french(sink, relay_to):
    relay_to(sink.port).deliver(CLAIMED)
    assert sink.mails[0]["Auto-Submitted"] == "auto-generated"
    assert sink.mails[0]["Content-Language"] == "fr"


def test_a_burst_goes_through_one_connection(sink, relay_to):
    relay = relay_to(sink.port)
    for _ in range(3):
        relay.deliver(CLAIMED)
    assert (len(sink.mails), sink.connections) == (3, 1)


def test_after_hanging_up_the_next_mail_calls_again(sink, relay_to):
    relay = relay_to(sink.port)
    relay.deliver(CLAIMED)
    relay.hang_up()
    relay.hang_up()
    relay.deliver(CLAIMED)
    assert (len(sink.mails), sink.connections) == (2, 2)


@pytest.mark.parametrize("when", ["recipient_answer", "data_answer"])
def test_a_refusal_for_good_is_undeliverable_and_tells_the_status_alone(sink, relay_to, when):
    setattr(sink, when, "550 5.1.1 odile@example.org: no such user")
    with pytest.raises(Undeliverable) as refusal:
        relay_to(sink.port).deliver(CLAIMED)
    assert str(refusal.value) == "550"


@pytest.mark.parametrize("when", ["recipient_answer", "data_answer"])
def test_a_refusal_for_now_is_a_delay(sink, relay_to, when):
    setattr(sink, when, "451 try again later, odile@example.org")
    relay = relay_to(sink.port)
    with pytest.raises(Delayed) as delay:
        relay.deliver(CLAIMED)
    assert str(delay.value) == "451"
    setattr(sink, when, "250 OK")
    relay.deliver(CLAIMED)
    assert len(sink.mails) == 1


@pytest.mark.parametrize(
    ("answers", "verdict"),
    [
        ((250, 550, 354), Undeliverable("550")),
        ((250, 452, 354), Delayed("452")),
        ((250, 421, 354), Delayed("421")),
        ((250, 251, 354), None),
        ((250, 250, 552), Undeliverable("552")),
        ((550, 250, 354), Delayed("SMTPSenderRefused 550")),
        ((421, 250, 354), Delayed("SMTPSenderRefused 421")),
        ((250,), Delayed("SMTPServerDisconnected")),
    ],
)
def test_what_the_relay_refuses_first_is_the_mail_s_end_or_delay(relay_to, answers, verdict):
    server = Scripted(answers)
    relay = relay_to(server.port)
    if verdict is None:
        relay.deliver(CLAIMED)
    else:
        with pytest.raises(type(verdict), match=f"^{verdict}$"):
            relay.deliver(CLAIMED)
    relay.hang_up()
    assert server.messages() == (verdict is None), "what was refused was sent all the same"


def test_a_refused_mail_does_not_spoil_the_next(sink, relay_to):
    relay = relay_to(sink.port)
    sink.recipient_answer = "550 no such user"
    with pytest.raises(Undeliverable):
        relay.deliver(CLAIMED)
    sink.recipient_answer = "250 OK"
    relay.deliver(CLAIMED)
    assert len(sink.mails) == 1


def test_a_server_that_is_away_is_a_delay(sink, relay_to):
    sink.close()
    with pytest.raises(Delayed, match="ConnectionRefusedError"):
        relay_to(sink.port).deliver(CLAIMED)


def test_a_server_that_went_away_during_a_burst_is_a_delay(sink, relay_to):
    relay = relay_to(sink.port)
    relay.deliver(CLAIMED)
    sink.close()
    with pytest.raises(Delayed):
        relay.deliver(CLAIMED)


@pytest.mark.parametrize("greeting", [b"", b"554 not today\r\n", b"421 busy\r\n", b"\xff\r\n"])
def test_a_server_that_hangs_up_is_a_delay(relay_to, greeting):
    rude = Rude(greeting, hang_up=True)
    with pytest.raises(Delayed):
        relay_to(rude.port).deliver(CLAIMED)
    rude.close()


@pytest.mark.parametrize("greeting", [b"", b"220 well, well\r\n"])
def test_a_server_that_falls_silent_is_a_delay_after_the_time_out(relay_to, greeting):
    rude = Rude(greeting, hang_up=False)
    with pytest.raises(Delayed):
        relay_to(rude.port, timeout=0.3).deliver(CLAIMED)
    rude.close()


def test_the_time_out_is_shorter_than_a_lease():
    assert 0 < TIMEOUT_SECONDS <= 10


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


def test_a_server_without_tls_gets_nothing_in_clear(sink, relay_to):
    with pytest.raises(Delayed, match="SMTPNotSupportedError"):
        relay_to(sink.port, mail_use_tls=True).deliver(CLAIMED)
    assert sink.mails == []


def test_no_header_can_be_smuggled_in(sink, relay_to):
    relay = relay_to(sink.port)
    mail = replace(CLAIMED.mail, subject="Votre code\r\nBcc: x@example.net")
    for forged in (
        replace(CLAIMED, to="odile@example.org\r\nBcc: x@example.net"),
        replace(CLAIMED, mail=mail),
    ):
        with pytest.raises(BadHeaderError):
            relay.deliver(forged)
    assert sink.mails == []


def test_a_body_cannot_end_its_message_early(sink, relay_to):
    body = "Bonjour\r\n.\r\nMAIL FROM:<x@example.net>\n.\nQUIT\n"
    relay_to(sink.port).deliver(replace(CLAIMED, mail=replace(CLAIMED.mail, text=body)))
    (mail,) = sink.mails
    text = mail.get_body(("plain",)).get_content()
    assert text.replace("\r", "") == body.replace("\r", "")


def test_no_thread_is_left_behind(sink, relay_to):
    before = threading.active_count()
    relay = relay_to(sink.port)
    relay.deliver(CLAIMED)
    relay.hang_up()
    assert threading.active_count() == before
