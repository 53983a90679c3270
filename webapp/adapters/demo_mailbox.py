"""The demonstration's mailbox, which takes the place of a relay."""

from sqlalchemy import Engine, insert

from webapp.models import DemoMail
from webapp.services.kernel.work import Work
from webapp.services.kernel.world import ClaimedMail, World


class DemoMailbox:
    """The relay of the demonstration: mails stay in a table that `/demo/boite-mail` shows."""

    def __init__(self, engine: Engine, world: World, sender: str):
        self._engine, self._world, self._sender = engine, world, sender

    def deliver(self, claimed: ClaimedMail) -> None:
        """Keep the mail for the demonstration's mailbox."""
        mail = claimed.mail
        with Work(self._engine, self._world) as work:
            work.db.execute(
                insert(DemoMail).values(
                    to=claimed.to,
                    sender=self._sender,
                    subject=mail.subject,
                    text_body=mail.text,
                    html_body=mail.html,
                    received_at=work.now,
                )
            )

    def hang_up(self) -> None:
        """Nothing is kept open."""
