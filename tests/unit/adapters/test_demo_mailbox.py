"""The demonstration's mails stay in its own mailbox, and nobody else's do."""

from sqlalchemy import select

from player.mailed_codes import codes_in
from tests.journeys import count
from webapp.adapters.demo_mailbox import DemoMailbox
from webapp.adapters.sender import Sender
from webapp.models import DemoMail


def test_the_demonstration_keeps_its_mails_in_its_own_mailbox(engine, work, world, post):
    post("987654")
    mailbox = DemoMailbox(engine, world, "SMIE <nepasrepondre@example.org>")
    assert Sender(engine, mailbox, world).send_waiting() == 1
    mail = work.db.execute(select(DemoMail.__table__)).one()
    assert (mail.to, mail.subject) == ("odile@example.org", "Votre code de sécurité")
    assert codes_in(mail.text_body) == ["987654"] and "987\u00a0654" in mail.html_body
    assert mail.received_at == work.now


def test_a_real_relay_leaves_the_demonstrations_mailbox_empty(work, sender, post):
    post()
    sender.send_waiting()
    assert count(work, DemoMail) == 0
