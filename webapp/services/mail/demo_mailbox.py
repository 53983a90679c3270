"""The demonstration's mailbox: mails as they would have left."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from webapp.models import DemoMail
from webapp.services.kernel.work import Work

SHOWN = 50


class ShownMail(NamedTuple):
    """A mail as the mailbox shows it."""

    id: int
    to: str
    sender: str
    subject: str
    text_body: str
    html_body: str
    received_at: datetime


_ALL = select(
    DemoMail.id,
    DemoMail.to,
    DemoMail.sender,
    DemoMail.subject,
    DemoMail.text_body,
    DemoMail.html_body,
    DemoMail.received_at,
)


def youngest(work: Work) -> list[ShownMail]:
    """The last mails, the youngest first."""
    rows = work.db.execute(_ALL.order_by(DemoMail.id.desc()).limit(SHOWN))
    return [ShownMail(*row) for row in rows]


def one(work: Work, mail_id: int) -> ShownMail | None:
    """The mail with this number, None when there is none."""
    row = work.db.execute(_ALL.where(DemoMail.id == mail_id)).first()
    return None if row is None else ShownMail(*row)
