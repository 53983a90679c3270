"""The demonstration's mailbox."""

from sqlalchemy import insert

from webapp.models import DemoMail
from webapp.services.mail import demo_mailbox


def arrive(work, subject):
    mail = {
        "received_at": work.now,
        "to": "odile@example.org",
        "sender": "nepasrepondre@example.org",
        "subject": subject,
        "text_body": subject,
        "html_body": subject,
    }
    work.db.execute(insert(DemoMail).values(mail))


def test_the_youngest_mails_come_first_and_no_more_than_a_page(work):
    for number in range(demo_mailbox.SHOWN + 1):
        arrive(work, f"mail {number}")
    shown = [each.subject for each in demo_mailbox.youngest(work)]
    assert shown[0] == f"mail {demo_mailbox.SHOWN}" and shown[-1] == "mail 1"


def test_one_mail_is_found_by_its_number_and_no_other(work):
    arrive(work, "mail")
    number = demo_mailbox.youngest(work)[0].id
    found = demo_mailbox.one(work, number)
    assert found is not None and found.subject == "mail"
    assert demo_mailbox.one(work, number + 1) is None
