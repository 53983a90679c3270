"""Postfix and Dovecot as Debian has them: what the relay refuses, and what comes back later."""

import email
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from player.mailed_codes import codes_in
from player.world import test_settings
from tests.faults.conftest import NewPortal
from tests.faults.mail_servers import (
    BOUNCES,
    HOST,
    PASSWORD,
    Dovecot,
    Postfix,
    offers,
    own_folder,
)  # fmt: skip
from tests.faults.portal import wait_until
from tests.faults.visitor import Visitor
from tests.relays import CLAIMED
from tests.sinks import self_signed
from webapp.adapters.relay import Delayed, SmtpRelay, Undeliverable
from webapp.models import JournalEntry, OutboxMail

MISSING = "needs root and Debian's postfix and dovecot-imapd: sudo tests/faults/install"
_SEARCHED = "/usr/sbin:/usr/bin"
_THERE = all(shutil.which(name, path=_SEARCHED) for name in ("postfix", "dovecot"))
pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(os.geteuid() != 0 or not _THERE, reason=MISSING),
]
RULES = """\
later@example.net 450 4.2.0 Greylisted
full@example.net 552 5.2.2 Mailbox full
gone@example.net 550 5.1.1 No such user
spam@example.net 550 5.7.1 Policy
odd@example.net REJECT
taken@example.net OK
"""
RESTRICTIONS = """\
mynetworks = 10.0.0.0/8
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = {auth}
smtpd_relay_restrictions =
  check_sender_access texthash:{folder}/senders
  check_recipient_access texthash:{folder}/rules
  permit_sasl_authenticated
  check_recipient_access texthash:{folder}/default
  reject_unauth_destination
smtpd_restriction_classes = default
default = defer_unauth_destination
default_transport = discard
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with own_folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def certificate(house: Path) -> Path:
    return self_signed(house)


@pytest.fixture(scope="module")
def dovecot(house: Path, certificate: Path) -> Iterator[Dovecot]:
    server = Dovecot(house / "dovecot", certificate)
    yield server
    server.close()


@pytest.fixture(scope="module")
def strict(house: Path, dovecot: Dovecot) -> Iterator[Postfix]:
    """A relay that takes mails for some addresses, and for others from who logs in."""
    (house / "rules").write_text(RULES)
    (house / "senders").write_text("refused@example.org 550 5.7.1 Not this sender\n")
    (house / "default").write_text("example.edu default\n")  # as Postfix does unless told otherwise
    auth = dovecot.folder / "run" / "smtp-auth"
    settings = RESTRICTIONS.format(folder=house, auth=auth)
    server = Postfix(
        house / "strict", mail=house / "mail", boxes={},
        settings=settings,
    )  # fmt: skip
    yield server
    server.close()


def answer(server: Postfix, to: str, **settings: str) -> str:
    """How the relay took a mail: « taken », or the verdict and its codes."""
    relay = SmtpRelay(test_settings(mail_port=server.port, **settings))
    try:
        relay.deliver(replace(CLAIMED, to=to))
    except (Delayed, Undeliverable) as fault:
        return f"{type(fault).__name__} {fault}"
    finally:
        relay.hang_up()
    return "taken"


@pytest.mark.parametrize(
    ("to", "verdict"),
    [
        ("taken@example.net", "taken"),
        ("later@example.net", "Delayed 450 4.2.0"),
        ("full@example.net", "Undeliverable 552 5.2.2"),
        ("gone@example.net", "Undeliverable 550 5.1.1"),
        ("unknown@example.org", "Undeliverable 550 5.1.1"),  # in the relay's own domain
        ("spam@example.net", "Delayed relay 550 5.7.1"),
        ("odd@example.net", "Delayed relay 554 5.7.1"),
        ("odile@example.com", "Delayed relay 554 5.7.1"),
        ("any@example.edu", "Delayed relay 454 4.7.1"),
    ],
)
def test_postfix_s_own_codes_are_told_apart(strict: Postfix, to: str, verdict: str) -> None:
    assert answer(strict, to) == verdict


def test_a_sender_that_postfix_refuses_is_ours_to_mend(strict: Postfix) -> None:
    told = answer(strict, "taken@example.net", mail_bounces="refused@example.org")
    assert told == "Delayed relay 550 5.7.1"


def test_an_account_with_accents_is_let_in_by_postfix_and_dovecot(strict: Postfix) -> None:
    assert "auth" in offers(strict.port)
    account = {"mail_username": BOUNCES, "mail_password": PASSWORD}
    assert answer(strict, "odile@example.com", **account) == "taken"
    told = answer(strict, "odile@example.com", **account | {"mail_password": "é"})
    assert told == "Delayed relay SMTPAuthenticationError 535 5.7.8"


@pytest.fixture(scope="module")
def provider(house: Path) -> Iterator[Postfix]:
    """Whom the relay delivers to: it knows nobody."""
    server = Postfix(
        house / "provider", mail=house / "mail", boxes={},
        settings="virtual_mailbox_domains = example.net\n",
    )  # fmt: skip
    yield server
    server.close()


@pytest.fixture(scope="module")
def relay(house: Path, dovecot: Dovecot, provider: Postfix) -> Iterator[Postfix]:
    """The mutual's relay: mailboxes of example.org are Dovecot's, example.net is the provider's."""
    boxes = {each: f"{each}/" for each in (BOUNCES, "neuf@example.org")}
    transport = f"{{ example.net = smtp:[{HOST}]:{provider.port} }}"
    server = Postfix(
        house / "relay", mail=dovecot.folder / "mail", boxes=boxes,
        settings=f"transport_maps = inline:{{ {transport} }}\n",
    )  # fmt: skip
    yield server
    server.close()


def test_a_mail_that_a_provider_refuses_later_is_read_of_by_its_member_and_mended(
    own_portal: NewPortal, relay: Postfix, dovecot: Dovecot, certificate: Path
) -> None:
    portal = own_portal(
        MAIL_PORT=str(relay.port), MAIL_BOUNCES=BOUNCES, MAIL_BOUNCES_PASSWORD=PASSWORD,
        MAIL_CA_FILE=str(certificate), WEB_CONCURRENCY="1",
    )  # fmt: skip
    before = {*_messages(dovecot)}
    portal.first.start()
    member, visitor = replace(portal.member(), email="gone@example.net"), Visitor(portal)
    visitor.register(member)
    wait_until(lambda: portal.count(OutboxMail, OutboxMail.state == "sent") == 1, what="not sent")
    assert "Attendez deux minutes" in visitor.get("/inscription/confirmation").text
    wait_until(lambda: len(_messages(dovecot)) > len(before), what=relay.log.read_text()[-2000:])
    (came,) = {*_messages(dovecot)} - before
    _bears_no_secret(came.read_bytes())
    source = f"imaps://{BOUNCES}@{HOST}:{dovecot.secured_port}/INBOX"
    for revenus in (1, 0):
        told = portal.flask("mail", "bounces", source).stdout.replace("\u00a0", " ")
        assert f": {revenus} mail(s) revenu(s)" in told
    assert portal.count(JournalEntry, JournalEntry.event == "mail.bounced") == 1
    page = visitor.get("/inscription/confirmation").text
    assert "Notre message n’a pas pu être remis" in page.replace("\u00a0", " ")
    assert "gone@example.net" in page and "Attendez deux minutes" not in page
    other = {"email": "neuf@example.org", "access_code": member.access_code}
    assert visitor.post("/inscription/adresse", other).status == 303
    new = dovecot.folder / "mail" / "neuf@example.org" / "new"
    wait_until(lambda: new.is_dir() and list(new.iterdir()), what="no mail at the new address")
    assert "pas pu être remis" not in visitor.get("/inscription/confirmation").text


def _messages(dovecot: Dovecot) -> list[Path]:
    return [each for part in ("new", "cur") for each in (dovecot.maildir / part).glob("*")]


def _bears_no_secret(raw: bytes) -> None:
    """What Postfix writes back: the headers of the mail, by its id, without link and code."""
    kinds = [part.get_content_type() for part in email.message_from_bytes(raw).walk()]
    assert "message/delivery-status" in kinds and "text/rfc822-headers" in kinds
    assert re.search(rb"^Original-Envelope-Id: [0-9a-f]{32}$", raw, re.MULTILINE)
    assert b"/inscription/validation/" not in raw
    assert not codes_in(raw.decode(errors="replace"), 13)
    assert b"Return-Path: <>" in raw and f"To: {BOUNCES}".encode() in raw
