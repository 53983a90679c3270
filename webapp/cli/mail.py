"""`flask mail`: send the outbox from a process of its own."""

import signal
from types import FrameType

from flask import current_app

from webapp.cli.commands import PortalGroup
from webapp.cli.work import tell

group = PortalGroup("mail", help="Les mails à envoyer.")


@group.command("worker")
def worker() -> None:
    """Envoie les mails en attente, jusqu’à l’arrêt (Ctrl+C ou SIGTERM)."""
    sender = current_app.extensions["portal_sender"]

    def finish(_signal: int, _frame: FrameType | None) -> None:
        sender.stop(timeout=0)

    signal.signal(signal.SIGTERM, finish)
    signal.signal(signal.SIGINT, finish)
    tell("Envoi des mails en cours. Ctrl+C pour arrêter.")
    sender.run()
    tell("Arrêté, le dernier mail est parti.")
