"""The demonstration's mailbox: mails as they would have left."""

from sqlalchemy import select

from webapp.models import DemoMail
from webapp.services.kernel.work import AnyRow, Work

SHOWN = 50


def youngest(work: Work) -> list[AnyRow]:
    """The rows of the last mails, the youngest first."""
    mails = select(*DemoMail.__table__.columns).order_by(DemoMail.id.desc())
    return list(work.db.execute(mails.limit(SHOWN)))


def one(work: Work, mail_id: int) -> AnyRow | None:
    """The row of one mail."""
    mail = select(*DemoMail.__table__.columns).where(DemoMail.id == mail_id)
    return work.db.execute(mail).first()
