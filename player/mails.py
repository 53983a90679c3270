"""The outbox as a reader sees it: sealed mails opened with the world's key."""

import json
from dataclasses import dataclass

from sqlalchemy import select

from webapp.models import OutboxMail
from webapp.services.kernel.work import Work


@dataclass(frozen=True)
class WaitingMail:
    """A mail that has not left yet."""

    name: str
    to: str
    subject: str
    text: str
    html: str


def waiting(work: Work) -> list[WaitingMail]:
    """All mails in the outbox that still have their content, oldest first."""
    rows = work.db.execute(
        select(OutboxMail.id, OutboxMail.name, OutboxMail.sealed)
        .where(OutboxMail.state == "ready")
        .order_by(OutboxMail.created_at, OutboxMail.id)
    ).all()
    return [
        WaitingMail(row.name, **json.loads(work.world.seals.unlock(row.id, row.sealed)))
        for row in rows
    ]
