"""The relay, against real SMTP servers: what leaves, what waits, what is refused for good."""

import threading
from dataclasses import replace

import pytest
from flask_mail import BadHeaderError

from player.world import START
from tests.relays import CLAIMED
from tests.sinks import Rude, Scripted
from webapp.adapters.relay import TIMEOUT_SECONDS, Delayed, Undeliverable


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
def test_a_refusal_for_good_is_undeliverable_and_tells_the_codes_alone(sink, relay_to, when):
    setattr(sink, when, "550 5.1.1 odile@example.org: no such user")
    with pytest.raises(Undeliverable) as refusal:
        relay_to(sink.port).deliver(CLAIMED)
    assert str(refusal.value) == "550 5.1.1"


@pytest.mark.parametrize("when", ["recipient_answer", "data_answer"])
def test_a_relay_that_refuses_us_is_a_delay_that_names_the_settings(sink, relay_to, when):
    setattr(sink, when, "554 5.7.1 <odile@example.org>: Relay access denied")
    with pytest.raises(Delayed) as delay:
        relay_to(sink.port).deliver(CLAIMED)
    assert str(delay.value) == "relay 554 5.7.1"
    told = delay.value.fault.for_the_log()
    assert told == "relay 554 5.7.1 (look at MAIL_SERVER, MAIL_USERNAME, MAIL_PASSWORD)"


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
    ("answers", "verdict", "told"),
    [
        ((250, 550, 354), Undeliverable, "550"),
        ((250, 452, 354), Delayed, "452"),
        ((250, 421, 354), Delayed, "421"),
        ((250, 251, 354), None, ""),
        ((250, 250, 552), Undeliverable, "552"),
        ((250, 250, 554), Delayed, "relay 554"),
        ((550, 250, 354), Delayed, "relay SMTPSenderRefused 550"),
        ((421, 250, 354), Delayed, "SMTPSenderRefused 421"),
        ((250,), Delayed, "SMTPServerDisconnected"),
    ],
)
def test_what_the_relay_refuses_first_is_the_mail_s_end_or_delay(relay_to, answers, verdict, told):
    server = Scripted(answers)
    relay = relay_to(server.port)
    if verdict is None:
        relay.deliver(CLAIMED)
    else:
        with pytest.raises(verdict, match=f"^{told}$"):
            relay.deliver(CLAIMED)
    relay.hang_up()
    assert server.messages() == (verdict is None), "what was refused was sent all the same"


def test_a_relay_that_offers_reports_is_asked_for_headers_alone_and_told_which_mail_it_is(relay_to):
    server = Scripted((250, 250, 354), offers=b"DSN")
    relay = relay_to(server.port, mail_bounces="retours@example.org")
    relay.deliver(replace(CLAIMED, to="odile+a=b@example.org"))
    relay.hang_up()
    assert server.messages() == 1
    sender, recipient = server.said
    assert sender == f"mail FROM:<retours@example.org> RET=HDRS ENVID={CLAIMED.id}"
    wishes = "NOTIFY=FAILURE,DELAY ORCPT=rfc822;odile+2Ba+3Db@example.org"
    assert recipient == f"rcpt TO:<odile+a=b@example.org> {wishes}"


def test_a_relay_that_offers_none_is_told_the_envelope_s_sender_alone(relay_to):
    server = Scripted((250, 250, 354))
    relay = relay_to(server.port, mail_bounces="retours@example.org")
    relay.deliver(CLAIMED)
    relay.hang_up()
    assert server.messages() == 1
    assert server.said == ["mail FROM:<retours@example.org>", "rcpt TO:<odile@example.org>"]


def test_answers_go_where_the_settings_say(sink, relay_to):
    relay_to(sink.port, mail_reply_to="Conseillers <conseil@example.org>").deliver(CLAIMED)
    relay_to(sink.port).deliver(CLAIMED)
    with_one, without = sink.mails
    assert with_one["Reply-To"] == "Conseillers <conseil@example.org>"
    assert without["Reply-To"] is None


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
